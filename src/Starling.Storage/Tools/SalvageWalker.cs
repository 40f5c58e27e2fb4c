using Starling.Broker.Ports;

namespace Starling.Storage.Tools;

/// <summary>Puts what can be read into a new store, and counts the rest.</summary>
internal sealed class SalvageWalker(StoreBuilder builder) : IStoreWalker
{
    public long LostMessages { get; private set; }

    public long LostRetained { get; private set; }

    public void Session(RecoveredSession session, uint willEpoch) => builder.AddSession(session, willEpoch);

    public void Subscription(ulong session, ReadOnlySpan<byte> filter, byte options, uint identifier) =>
        builder.AddSubscription(session, filter, options, identifier);

    public void Incoming(ulong session, ushort packetIdentifier) => builder.AddIncoming(session, packetIdentifier);

    public void Delivery(ulong session, in RecoveredDelivery delivery, RecoveredMessage? message)
    {
        if (message is null && !delivery.IsReceived)
        {
            LostMessages++;
            return;
        }

        builder.AddDelivery(session, delivery, message);
    }

    public void Retained(RecoveredMessage? message, ulong revision)
    {
        if (message is null)
        {
            LostRetained++;
            return;
        }

        builder.AddRetained(message, revision);
    }
}
