namespace Starling.Client;

/// <summary>Where QoS 1 and QoS 2 messages wait until the server has acknowledged them.</summary>
public sealed record OutboxOptions
{
    private OutboxOptions(long maxBytes, OutboxFull whenFull)
    {
        MaxBytes = maxBytes;
        WhenFull = whenFull;
    }

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
        return new OutboxOptions(maxBytes, whenFull);
    }
}
