namespace Starling.Transports.Streams;

/// <summary>What a loop is told about one of its streams.</summary>
internal enum StreamSignal : byte
{
    /// <summary>There is something to take, or the end.</summary>
    Readable,

    /// <summary>The read under way has completed.</summary>
    ReadCompleted,

    /// <summary>The write under way has completed.</summary>
    WriteCompleted,
}
