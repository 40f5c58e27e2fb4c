using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>A correct packet of a client in the parts that cases change.</summary>
/// <param name="FirstByte">Type and flags.</param>
/// <param name="Head">The fields before the properties.</param>
/// <param name="Tail">The fields behind them.</param>
internal sealed record PacketParts(int FirstByte, byte[] Head, byte[] Tail)
{
    /// <summary>The property entries without their length; null where there is no such field.</summary>
    public byte[]? Properties { get; init; }

    /// <summary>The Packet Identifier; 0 in a packet that has none.</summary>
    public int Identifier { get; init; }

    /// <summary>Everything behind the fixed header.</summary>
    public byte[] Body => Properties is null ? [.. Head, .. Tail] : [.. Head, .. new ByteWriter().Block(Properties).ToArray(), .. Tail];

    public byte[] Bytes => PacketBytes.Frame(FirstByte, Body);

    /// <summary>Where the fields behind the properties begin in <see cref="Body"/>.</summary>
    public int TailStart => Body.Length - Tail.Length;

    /// <summary>The packet with more properties behind its own.</summary>
    public PacketParts With(params byte[] more) => this with { Properties = [.. Properties ?? [], .. more] };

    /// <summary>The packet with other bytes in place of its Property Length.</summary>
    public byte[] WithPropertyLength(params byte[] length) =>
        PacketBytes.Frame(FirstByte, [.. Head, .. length, .. Properties ?? [], .. Tail]);

    /// <summary>The fields of a CONNECT around its properties.</summary>
    public static PacketParts Connect(ConnectFields fields)
    {
        byte[] packet = PacketBytes.Connect(fields with { Properties = [] });
        byte[] body = packet[(Array.FindIndex(packet, 1, lengthByte => lengthByte < 128) + 1)..];
        int headLength = new ByteWriter().Text(fields.Version == MqttVersion.V31 ? "MQIsdp" : "MQTT").Byte(0).Byte(0).TwoByte(0).ToArray().Length;
        return Split(fields.Version, body, headLength, fields.Properties);
    }

    /// <summary>The fields of a CONNECT around its Will Properties.</summary>
    public static PacketParts Will(ConnectFields fields, WireWill will)
    {
        PacketParts connect = Connect(fields with { Will = will with { Properties = [] } });
        int headLength = connect.TailStart + new ByteWriter().Text(fields.ClientIdentifier).ToArray().Length;
        return Split(fields.Version, connect.Body, headLength, will.Properties);
    }

    /// <summary>Takes a body with no properties behind the head apart, and gives it some.</summary>
    private static PacketParts Split(MqttVersion version, byte[] body, int headLength, byte[] properties) => version == MqttVersion.V5
        ? new PacketParts(0x10, body[..headLength], body[(headLength + 1)..]) { Properties = properties }
        : new PacketParts(0x10, body[..headLength], body[headLength..]);
}
