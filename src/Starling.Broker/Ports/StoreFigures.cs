namespace Starling.Broker.Ports;

/// <summary>Figures of a store at one moment.</summary>
public readonly record struct StoreFigures
{
    /// <summary>Commits since the start.</summary>
    public long Commits { get; init; }

    /// <summary>Bytes written since the start.</summary>
    public long WrittenBytes { get; init; }

    /// <summary>Bytes of the data directory's files.</summary>
    public long DiskBytes { get; init; }

    /// <summary>Bytes that are free on its disk.</summary>
    public long DiskFreeBytes { get; init; }

    /// <summary>References to messages that are stored and not finished.</summary>
    public long LiveReferences { get; init; }

    /// <summary>How often publishers had to be held back because the disk was nearly full.</summary>
    public long FullCount { get; init; }
}
