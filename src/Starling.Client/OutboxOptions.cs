namespace Starling.Client;

/// <summary>Where QoS 1 and QoS 2 messages wait until the server has acknowledged them.</summary>
public sealed record OutboxOptions
{
    private OutboxOptions(string? path, long maxBytes, OutboxFull whenFull)
    {
        Path = path;
        MaxBytes = maxBytes;
        WhenFull = whenFull;
    }

    /// <summary>The directory of the file; null for memory.</summary>
    public string? Path { get; }

    /// <summary>The most bytes of topics, payloads and properties. A message enters an empty outbox whatever its size.</summary>
    public long MaxBytes { get; }

    /// <summary>What publishing does when there is no room.</summary>
    public OutboxFull WhenFull { get; }

    /// <summary>In memory: what waits is lost with the process.</summary>
    /// <param name="maxBytes">At least 1.</param>
    /// <param name="whenFull">What publishing does when there is no room.</param>
    public static OutboxOptions Memory(long maxBytes, OutboxFull whenFull = OutboxFull.Wait)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        return new OutboxOptions(null, maxBytes, whenFull);
    }

    /// <summary>
    /// On a disk: what waits survives the end of the process and a power cut, with its QoS 2 state, and is sent by the next client that
    /// opens the directory. Needs a <see cref="MqttClientOptions.ClientId"/>. All that waits is in memory as well.
    /// </summary>
    /// <param name="path">A directory of its own for each client; made when it is missing. One process at a time can use it.</param>
    /// <param name="maxBytes">At least 1. The files take about twice as much, and 512 KiB to 128 MiB for segments made ahead.</param>
    /// <param name="whenFull">What publishing does when there is no room.</param>
    public static OutboxOptions File(string path, long maxBytes, OutboxFull whenFull = OutboxFull.Wait)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        return new OutboxOptions(path, maxBytes, whenFull);
    }

    /// <summary>In place of the disk, for tests.</summary>
    internal CommitLog.ILogDirectory? Directory { get; init; }
}
