using Starling.Protocol;

namespace Starling.Bench.Stages;

/// <summary>One step of a run, which may touch all loops. The thread of the first loop.</summary>
internal interface IStage
{
    /// <summary>What is going on, for people.</summary>
    string Name { get; }

    void Begin();

    /// <summary>Does what is due. Returns when to call again at the latest, in monotonic milliseconds; null when the stage is over.</summary>
    long? Advance(in Instant now);

    /// <summary>
    /// Begins nothing more, and comes to its end with what is under way; false when it cannot. May be called again and again.
    /// </summary>
    bool TryFinish();

    /// <summary>The run ends here: measures what was done so far.</summary>
    void Abort();
}
