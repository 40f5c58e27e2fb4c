using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>Reads the server's packets of an accepted connection and gives each to the flow that it belongs to.</summary>
internal static class PacketHandlers
{
    public static ProtocolViolation Publish<TEffects>(
        in PacketFrame frame, MqttVersion version, IncomingFlow incoming, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct =>
        PublishPacket.TryRead(frame, version, out PublishPacket packet, out ProtocolViolation violation)
            ? incoming.Published(packet, ref effects)
            : violation;

    public static ProtocolViolation Acknowledgement<TEffects>(
        in PacketFrame frame, MqttVersion version, ClientFlows flows, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (!AcknowledgementPacket.TryRead(frame, version, out AcknowledgementPacket packet, out ProtocolViolation violation))
        {
            return violation;
        }

        return packet.Type == PacketType.PubRel
            ? flows.Incoming.Released(packet.PacketIdentifier)
            : flows.Outgoing.Acknowledged(packet, ref effects);
    }

    public static ProtocolViolation SubAck<TEffects>(
        in PacketFrame frame, MqttVersion version, RequestFlow requests, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (!SubAckPacket.TryRead(frame, version, out SubAckPacket packet, out ProtocolViolation violation))
        {
            return violation;
        }

        violation = requests.Answered(PacketType.Subscribe, packet.PacketIdentifier, packet.ReasonCodes.Length, out object tag);
        if (violation.IsNone)
        {
            effects.Subscribed(tag, packet);
        }

        return violation;
    }

    public static ProtocolViolation UnsubAck<TEffects>(
        in PacketFrame frame, MqttVersion version, RequestFlow requests, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (!UnsubAckPacket.TryRead(frame, version, out UnsubAckPacket packet, out ProtocolViolation violation))
        {
            return violation;
        }

        int codeCount = version == MqttVersion.V5 ? packet.ReasonCodes.Length : -1;
        violation = requests.Answered(PacketType.Unsubscribe, packet.PacketIdentifier, codeCount, out object tag);
        if (violation.IsNone)
        {
            effects.Unsubscribed(tag, packet);
        }

        return violation;
    }

    public static ProtocolViolation PingResp(in PacketFrame frame, MqttVersion version, KeepAliveTimer keepAlive)
    {
        if (!PingPackets.TryRead(frame, version, out ProtocolViolation violation))
        {
            return violation;
        }

        keepAlive.PingAnswered();
        return default;
    }
}
