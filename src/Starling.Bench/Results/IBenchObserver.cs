namespace Starling.Bench.Results;

/// <summary>Learns how a run goes on.</summary>
internal interface IBenchObserver
{
    /// <summary>A second is over. Called on the thread of the first loop, which must not wait.</summary>
    void OnSample(Sample sample);
}
