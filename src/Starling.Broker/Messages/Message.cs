using Starling.Protocol;

namespace Starling.Broker.Messages;

/// <summary>A message in its canonical form, as a view: it is valid as long as the bytes it was made over.</summary>
internal ref struct Message
{
    /// <summary>The Topic Name, resolved (no alias).</summary>
    public ReadOnlySpan<byte> Topic { get; set; }

    /// <summary>The property entries that are forwarded, in the order received: no alias, no expiry, no Subscription Identifier.</summary>
    public ReadOnlySpan<byte> Properties { get; set; }

    public ReadOnlySpan<byte> Payload { get; set; }

    public QualityOfService Qos { get; set; }

    public bool Retain { get; set; }

    /// <summary>UTC milliseconds; <see cref="long.MaxValue"/>: never.</summary>
    public long ExpiresAtUtcMilliseconds { get; set; }

    /// <summary>The number of the publishing session; 0: none.</summary>
    public ulong Publisher { get; set; }

    /// <summary>The packet as received when it may pass through unchanged, else empty. It is not stored.</summary>
    public ReadOnlySpan<byte> Frame { get; set; }

    public bool FrameIsV5 { get; set; }

    /// <summary>Where the bytes of this view are stored; none when they are not.</summary>
    public StoredMessage Stored { get; set; }
}
