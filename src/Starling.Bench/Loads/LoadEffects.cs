using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Bench.Loads;

/// <summary>Hands what the machine tells to the connection that it belongs to.</summary>
internal readonly struct LoadEffects(LoadConnection connection) : IClientEffects
{
    public void Accepted(scoped in ConnAckPacket packet, in ServerLimits limits) => connection.OnAccepted(packet, limits);

    public void Refused(scoped in ConnAckPacket packet)
    {
    }

    public void Challenged(scoped in AuthPacket packet)
    {
    }

    public void Reauthenticated(scoped in AuthPacket packet)
    {
    }

    public void Deliver(scoped in PublishPacket publish, scoped ReadOnlySpan<byte> topic, in IncomingToken token) =>
        connection.OnDelivery(publish, token);

    public void Completed(OutgoingMessage message, ReasonCode reason, scoped in AcknowledgementPacket packet) =>
        connection.OnCompleted(message, reason);

    public void NotSent(OutgoingMessage message, ReasonCode reason) => connection.OnCompleted(message, reason);

    public void Expired(OutgoingMessage message)
    {
    }

    public void Received(OutgoingMessage message, ReasonCode reason)
    {
    }

    public void OutcomeUnknown(OutgoingMessage message) => connection.OnOutcomeUnknown();

    public void Subscribed(object tag, scoped in SubAckPacket packet) => connection.OnSubscribed((ReasonCode)packet.ReasonCodes[0]);

    public void Unsubscribed(object tag, scoped in UnsubAckPacket packet)
    {
    }

    public void ServerDisconnected(scoped in DisconnectPacket packet)
    {
    }

    public void Ended(in ClientEnd end) => connection.OnEnded(end);
}
