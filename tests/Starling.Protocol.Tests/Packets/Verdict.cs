using System.Buffers;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

/// <summary>What the decoders say about some bytes.</summary>
internal readonly record struct Verdict(OperationStatus Status, ReasonCode Reason, string? Statement)
{
    public bool IsRead => Status == OperationStatus.Done;

    public static Verdict Of(ReadOnlySpan<byte> bytes, MqttVersion version)
    {
        OperationStatus status = PacketFraming.TryReadFrame(
            bytes, PacketFraming.PacketBytesMax, out PacketFrame frame, out _, out ProtocolViolation violation);
        if (status == OperationStatus.Done && !TryRead(frame, version, out violation))
        {
            status = OperationStatus.InvalidData;
        }

        return new Verdict(status, violation.Reason, violation.Statement);
    }

    public static Verdict Of(string hex, MqttVersion version) => Of(Wire.Bytes(hex), version);

    private static bool TryRead(in PacketFrame frame, MqttVersion version, out ProtocolViolation violation) => frame.Type switch
    {
        PacketType.Connect => ConnectPacket.TryRead(frame, out _, out violation),
        PacketType.ConnAck => ConnAckPacket.TryRead(frame, version, out _, out violation),
        PacketType.Publish => PublishPacket.TryRead(frame, version, out _, out violation),
        PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp =>
            AcknowledgementPacket.TryRead(frame, version, out _, out violation),
        PacketType.Subscribe => SubscribePacket.TryRead(frame, version, out _, out violation),
        PacketType.SubAck => SubAckPacket.TryRead(frame, version, out _, out violation),
        PacketType.Unsubscribe => UnsubscribePacket.TryRead(frame, version, out _, out violation),
        PacketType.UnsubAck => UnsubAckPacket.TryRead(frame, version, out _, out violation),
        PacketType.PingReq or PacketType.PingResp => PingPackets.TryRead(frame, version, out violation),
        PacketType.Disconnect => DisconnectPacket.TryRead(frame, version, out _, out violation),
        _ => AuthPacket.TryRead(frame, version, out _, out violation),
    };
}
