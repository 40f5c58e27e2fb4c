using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>What a <see cref="ServerConnection"/> asks of the broker behind it. Spans are valid during the call only; a frame holds the packet as
/// it was received.</summary>
public interface IServerEffects
{
    /// <summary>The first packet: a CONNECT that keeps the format.</summary>
    PacketVerdict Connect(in ConnectPacket packet);

    /// <summary>A message, its topic resolved; the acknowledgement is owed by the receiver of this call.</summary>
    PacketVerdict Deliver(in PublishPacket packet, in PacketFrame frame);

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
    PacketVerdict Acknowledge(in AcknowledgementPacket packet);

    /// <summary>SUBSCRIBE; the answer is owed by the receiver of this call.</summary>
    PacketVerdict Subscribe(in SubscribePacket packet, in PacketFrame frame);

    /// <summary>UNSUBSCRIBE; the answer is owed by the receiver of this call.</summary>
    PacketVerdict Unsubscribe(in UnsubscribePacket packet, in PacketFrame frame);

    /// <summary>PINGREQ; the answer is owed by the receiver of this call.</summary>
    PacketVerdict Ping();

    /// <summary>AUTH of a client that named a method in its CONNECT.</summary>
    PacketVerdict Authenticate(in AuthPacket packet, in PacketFrame frame);

    /// <summary>DISCONNECT; nothing follows.</summary>
    void Disconnect(in DisconnectPacket packet);

    /// <summary>The client broke a rule; the connection must end. Nothing follows.</summary>
    void Violate(in ProtocolViolation violation);
}
