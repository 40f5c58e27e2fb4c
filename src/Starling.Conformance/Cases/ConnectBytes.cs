using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>CONNECT packets that a correct client would not send: any name, level and flags, and any payload behind them.</summary>
internal static class ConnectBytes
{
    /// <summary>Clean Start of 5.0, Clean Session of 3.x.</summary>
    public const int CleanStart = 0x02;

    /// <summary>The protocol name of the version.</summary>
    public static string NameOf(MqttVersion version) => version == MqttVersion.V31 ? "MQIsdp" : "MQTT";

    /// <summary>The name and level of the version, no keep alive, no properties, and these flags and this payload.</summary>
    public static byte[] Build(MqttVersion version, int flags, ByteWriter payload) => Build(version, flags, [], payload);

    /// <summary>The same with properties, which 3.x does not have.</summary>
    public static byte[] Build(MqttVersion version, int flags, byte[] properties, ByteWriter payload)
    {
        ByteWriter body = new ByteWriter().Text(NameOf(version)).Byte((int)version).Byte(flags).TwoByte(0);
        if (version == MqttVersion.V5)
        {
            body.Block(properties);
        }

        return PacketBytes.Frame(0x10, body.Raw(payload.ToArray()).ToArray());
    }

    /// <summary>Any name and level, before fields as the version has them.</summary>
    public static byte[] Named(string name, int level, MqttVersion fields, string clientIdentifier)
    {
        ByteWriter body = new ByteWriter().Text(name).Byte(level).Byte(CleanStart).TwoByte(0);
        if (fields == MqttVersion.V5)
        {
            body.Block([]);
        }

        return PacketBytes.Frame(0x10, body.Text(clientIdentifier).ToArray());
    }

    /// <summary>The properties of a Will, empty; nothing in 3.x.</summary>
    public static ByteWriter WillProperties(this ByteWriter payload, MqttVersion version) =>
        version == MqttVersion.V5 ? payload.Block([]) : payload;

    /// <summary>The first bytes of the body of a packet, behind a length that fits them.</summary>
    public static byte[] Cut(byte[] packet, int bodyBytes)
    {
        byte[] body = BodyOf(packet);
        return PacketBytes.Frame(packet[0], body.AsSpan(0, bodyBytes));
    }

    /// <summary>What stands behind the length of a packet.</summary>
    public static byte[] BodyOf(byte[] packet) => packet[(1 + Array.FindIndex(packet, 1, lengthByte => lengthByte < 0x80))..];
}
