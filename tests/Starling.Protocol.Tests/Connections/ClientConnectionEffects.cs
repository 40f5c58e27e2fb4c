using System.Text;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Connections;

/// <summary>What a client connection told, as text in order.</summary>
internal sealed class ClientConnectionEffects : IClientEffects
{
    public List<string> Told { get; } = [];

    public List<IncomingToken> Tokens { get; } = [];

    public ClientEnd? End { get; private set; }

    public ServerLimits Limits { get; private set; }

    public void Accepted(scoped in ConnAckPacket packet, in ServerLimits limits)
    {
        Limits = limits;
        Told.Add(packet.SessionPresent ? "accepted, session present" : "accepted");
    }

    public void Refused(scoped in ConnAckPacket packet) => Told.Add($"refused {packet.Reason}");

    public void Challenged(scoped in AuthPacket packet) => Told.Add($"challenged {Encoding.UTF8.GetString(packet.AuthenticationData)}");

    public void Reauthenticated(scoped in AuthPacket packet) => Told.Add("reauthenticated");

    public void Deliver(scoped in PublishPacket publish, scoped ReadOnlySpan<byte> topic, in IncomingToken token)
    {
        Tokens.Add(token);
        Told.Add($"deliver {Encoding.UTF8.GetString(topic)} {Encoding.UTF8.GetString(publish.Payload)}");
    }

    public void Completed(OutgoingMessage message, ReasonCode reason, scoped in AcknowledgementPacket packet) =>
        Told.Add($"completed {message.Tag} {reason}");

    public void NotSent(OutgoingMessage message, ReasonCode reason) => Told.Add($"not sent {message.Tag} {reason}");

    public void Expired(OutgoingMessage message) => Told.Add($"expired {message.Tag}");

    public void Received(OutgoingMessage message, ReasonCode reason) => Told.Add($"received {message.Tag} {reason}");

    public void OutcomeUnknown(OutgoingMessage message) => Told.Add($"unknown {message.Tag}");

    public void Subscribed(object tag, scoped in SubAckPacket packet) => Told.Add($"subscribed {tag} {Convert.ToHexString(packet.ReasonCodes)}");

    public void Unsubscribed(object tag, scoped in UnsubAckPacket packet) => Told.Add($"unsubscribed {tag} {Convert.ToHexString(packet.ReasonCodes)}");

    public void ServerDisconnected(scoped in DisconnectPacket packet) => Told.Add($"server disconnected {packet.Reason}");

    public void Ended(in ClientEnd end)
    {
        Assert.Null(End);
        End = end;
        Told.Add($"ended {end.Kind}");
    }
}
