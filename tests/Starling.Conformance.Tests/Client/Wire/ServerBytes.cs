using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Client.Wire;

/// <summary>Packets of a server as bytes; those that both sides send are in <see cref="PacketBytes"/>.</summary>
internal static class ServerBytes
{
    public static byte[] PingResp { get; } = [0xD0, 0];

    public static byte[] ConnAck(MqttVersion version, bool sessionPresent = false, int code = 0, params byte[] properties)
    {
        ByteWriter body = new ByteWriter().Byte(sessionPresent && version != MqttVersion.V31 ? 1 : 0).Byte(code);
        return PacketBytes.Frame(0x20, (version == MqttVersion.V5 ? body.Block(properties) : body).ToArray());
    }

    public static byte[] SubAck(MqttVersion version, int identifier, params byte[] codes) =>
        PacketBytes.Frame(0x90, Answer(version, identifier).Raw(codes).ToArray());

    /// <summary>UNSUBACK; the codes are left out in 3.x.</summary>
    public static byte[] UnsubAck(MqttVersion version, int identifier, params byte[] codes) =>
        PacketBytes.Frame(0xB0, Answer(version, identifier).Raw(version == MqttVersion.V5 ? codes : []).ToArray());

    /// <summary>A QoS 1 or 2 PUBLISH to "t", or a QoS 0 one without identifier.</summary>
    public static byte[] Publish(MqttVersion version, int qos, int identifier = 0, string text = "x", params byte[] properties) =>
        PacketBytes.Publish(version, new WireMessage("t", text) { Qos = qos, Properties = properties }, identifier);

    private static ByteWriter Answer(MqttVersion version, int identifier)
    {
        ByteWriter body = new ByteWriter().TwoByte(identifier);
        return version == MqttVersion.V5 ? body.Block([]) : body;
    }
}
