using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Client.Core;

/// <summary>Hands what the machine tells to the connection that it belongs to.</summary>
internal readonly struct LinkEffects(ClientLink link) : IClientEffects
{
    public void Accepted(scoped in ConnAckPacket packet, in ServerLimits limits) => link.OnAccepted(packet, limits);

    public void Refused(scoped in ConnAckPacket packet) => link.OnRefused(packet);

    public void Challenged(scoped in AuthPacket packet) => link.OnChallenged(packet.AuthenticationData.ToArray());

    public void Reauthenticated(scoped in AuthPacket packet) => link.OnReauthenticated();

    public void Deliver(scoped in PublishPacket publish, scoped ReadOnlySpan<byte> topic, in IncomingToken token) =>
        link.OnDelivery(publish, topic, token);

    public void Completed(OutgoingMessage message, ReasonCode reason, scoped in AcknowledgementPacket packet) =>
        CallOf(message)?.Complete(link.Read(reason, packet));

    public void NotSent(OutgoingMessage message, ReasonCode reason) => CallOf(message)?.Complete(PublishResult.Refused(reason));

    public void Expired(OutgoingMessage message) => CallOf(message)?.Fail(new MqttMessageExpiredException(), DropReason.Expired);

    public void Received(OutgoingMessage message, ReasonCode reason) => OutgoingMessages.Received(CallOf(message), reason);

    public void OutcomeUnknown(OutgoingMessage message) => CallOf(message)?.Fail(new MqttSessionLostException(), DropReason.OutcomeUnknown);

    public void Subscribed(object tag, scoped in SubAckPacket packet) => link.OnSubscribed(tag, packet);

    public void Unsubscribed(object tag, scoped in UnsubAckPacket packet) => link.OnUnsubscribed(tag, packet);

    public void ServerDisconnected(scoped in DisconnectPacket packet) => link.OnServerDisconnected(packet);

    public void Ended(in ClientEnd end) => link.OnEnded(end);

    private static PublishCall? CallOf(OutgoingMessage message) => message.Tag as PublishCall;
}
