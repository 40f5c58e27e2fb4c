namespace Starling.Bench.Observing;

/// <summary>The processor time of the calling thread.</summary>
internal interface IThreadClock
{
    /// <summary>Nanoseconds since the thread began.</summary>
    long Nanoseconds { get; }
}
