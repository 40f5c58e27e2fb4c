namespace Starling.Broker.Ports;

/// <summary>
/// Takes what a store has kept, before anything runs: sessions first, each followed by what is in it; then the retained messages; then the end.
/// Spans are valid during the call only.
/// </summary>
public interface IRecoverySink
{
    /// <summary>A session. The calls up to the next session are about it.</summary>
    void Session(in RecoveredSession session);

    /// <summary>A subscription: the filter with $share/NAME/, the Subscription Options, the Subscription Identifier (0: none).</summary>
    void Subscription(ReadOnlySpan<byte> filter, byte options, uint identifier);

    /// <summary>An unfinished delivery, in the order of sequences; its message stays in the store.</summary>
    void Delivery(in RecoveredDelivery delivery);

    /// <summary>A QoS 2 Packet Identifier of the client that was not released.</summary>
    void Incoming(ushort packetIdentifier);

    /// <summary>A retained message, with its revision.</summary>
    void Retained(RecoveredMessage message, ulong revision);

    /// <summary>Everything was given.</summary>
    void End(in RecoveredEnd end);
}
