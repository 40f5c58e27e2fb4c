using Starling.Broker.Ports;

namespace Starling.Storage.Tools;

/// <summary>Takes what <see cref="StoreWalk"/> gives.</summary>
internal interface IStoreWalker
{
    void Session(RecoveredSession session, uint willEpoch);

    void Subscription(ulong session, ReadOnlySpan<byte> filter, byte options, uint identifier);

    void Incoming(ulong session, ushort packetIdentifier);

    /// <summary>A delivery; its message is null when PUBREC has come for it, or when it cannot be read.</summary>
    void Delivery(ulong session, in RecoveredDelivery delivery, RecoveredMessage? message);

    /// <summary>A retained message; null when it cannot be read.</summary>
    void Retained(RecoveredMessage? message, ulong revision);
}
