namespace Starling.Protocol.Connections;

/// <summary>
/// A QoS 1 or QoS 2 message on its way to the server, kept until its exchange is over. Handed to one session only; after that the
/// session owns it until an effect hands it back.
/// </summary>
public sealed class OutgoingMessage
{
    /// <summary>The Topic Name as UTF-8.</summary>
    public required ReadOnlyMemory<byte> Topic { get; init; }

    /// <summary>The Application Message; must not change while the exchange runs.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Properties in wire form, without Message Expiry Interval, Topic Alias and Subscription Identifier. 5.0 only.</summary>
    public ReadOnlyMemory<byte> Properties { get; init; }

    /// <summary>QoS 1 or QoS 2.</summary>
    public required QualityOfService Qos { get; init; }

    /// <summary>RETAIN.</summary>
    public bool Retain { get; init; }

    /// <summary>
    /// When it expires, in milliseconds since 1970 in UTC by the clock of the loop; null for never. Set before the session gets it. What is left goes out as Message Expiry Interval (5.0 only); a
    /// message that expires before it is sent is not sent.
    /// </summary>
    public long? ExpiresAtUtcMilliseconds { get; set; }

    /// <summary>
    /// The Packet Identifier of its exchange, set before the session gets it; 0 for any that is free. While another exchange has that
    /// identifier, this message and those behind it wait.
    /// </summary>
    public ushort FixedPacketIdentifier { get; set; }

    /// <summary>
    /// QoS 2: whether PUBREL waits, after <see cref="IClientEffects.Received"/>, for <see cref="ClientConnection.Release"/>. For an
    /// owner that writes down first that PUBREC came.
    /// </summary>
    public bool AwaitsRelease { get; init; }

    /// <summary>Whatever the caller wants to find again when an effect reports the message.</summary>
    public object? Tag { get; init; }

    internal ushort PacketIdentifier { get; set; }

    internal OutgoingState State { get; set; }

    /// <summary>The number of the connection on which the exchange takes a place in the send quota; 0 for none.</summary>
    internal long QuotaConnection { get; set; }

    /// <summary>What PUBREC said: it is the answer to the message, PUBCOMP only ends the exchange.</summary>
    internal ReasonCode ReceivedReason { get; set; }

    /// <summary>PUBREC came, and the owner has not let PUBREL go yet.</summary>
    internal bool IsReleaseHeld { get; set; }

    internal OutgoingMessage? Previous { get; set; }

    internal OutgoingMessage? Next { get; set; }

    /// <summary>
    /// The owner has written down that PUBREC came: PUBREL leaves with the next connection of the session.
    /// <see cref="ClientConnection.Release"/> does the same for the one that is up.
    /// </summary>
    /// <returns>Whether PUBREL was held.</returns>
    public bool AllowRelease()
    {
        bool isHeld = IsReleaseHeld;
        IsReleaseHeld = false;
        return isHeld;
    }
}
