namespace Starling.Bench.Checking;

/// <summary>What a check says of a message that arrived.</summary>
internal enum Arrival
{
    /// <summary>The first time, and in order.</summary>
    InOrder,

    /// <summary>The first time, but a later one was here before.</summary>
    Late,

    /// <summary>It was here before.</summary>
    Duplicate,

    /// <summary>It is not of this run, or of a publisher whose messages should not come here.</summary>
    Foreign,
}
