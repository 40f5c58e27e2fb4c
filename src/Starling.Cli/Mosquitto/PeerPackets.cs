using System.Buffers;
using System.Text;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Cli.Mosquitto;

/// <summary>
/// Writes packets with the properties in the order in which they were asked for. The writers of the protocol library put them in an order
/// of their own, and mosquitto sends some that MQTT does not allow.
/// </summary>
internal static class PeerPackets
{
    private const int UsualReceiveMaximum = 20;

    public static byte[] Connect(MosquittoSettings settings, string? identifier)
    {
        bool isV5 = settings.Version == MqttVersion.V5;
        int flags = (settings.CleanSession ? 0x02 : 0)
            | (settings.WillTopic is null ? 0 : 0x04 | (settings.WillQos << 3) | (settings.WillRetain ? 0x20 : 0))
            | (settings.Password is null ? 0 : 0x40)
            | (settings.UserName is null ? 0 : 0x80);
        ArrayBufferWriter<byte> body = new();
        AddText(body, settings.Version == MqttVersion.V31 ? "MQIsdp" : "MQTT");
        Add(body, [(byte)settings.Version, (byte)flags]);
        AddNumber(body, settings.KeepAliveSeconds);
        if (isV5)
        {
            AddBlock(body, ConnectBlock(settings));
        }

        AddText(body, identifier ?? "");
        if (settings.WillTopic is { } topic)
        {
            if (isV5)
            {
                AddBlock(body, settings.Properties.Block("will"));
            }

            AddText(body, topic);
            AddText(body, settings.WillPayload ?? "");
        }

        AddIfGiven(body, settings.UserName);
        AddIfGiven(body, settings.Password);
        return Frame(PacketType.Connect, 0, body);
    }

    public static byte[] Publish(OutgoingPublish message, bool isDuplicate, MqttVersion version)
    {
        ArrayBufferWriter<byte> body = new();
        AddText(body, message.Topic);
        if (message.Qos > 0)
        {
            AddNumber(body, message.PacketIdentifier);
        }

        if (version == MqttVersion.V5)
        {
            AddBlock(body, message.Properties);
        }

        body.Write(message.Payload.Span);
        return Frame(PacketType.Publish, (isDuplicate ? 8 : 0) | (message.Qos << 1) | (message.Retain ? 1 : 0), body);
    }

    public static byte[] Subscribe(int packetIdentifier, IReadOnlyList<string> filters, int options, byte[]? properties)
    {
        ArrayBufferWriter<byte> body = new();
        AddNumber(body, packetIdentifier);
        if (properties is not null)
        {
            AddBlock(body, properties);
        }

        foreach (string filter in filters)
        {
            AddText(body, filter);
            Add(body, [(byte)options]);
        }

        return Frame(PacketType.Subscribe, 2, body);
    }

    public static byte[] Unsubscribe(int packetIdentifier, string filter, byte[]? properties)
    {
        ArrayBufferWriter<byte> body = new();
        AddNumber(body, packetIdentifier);
        if (properties is not null)
        {
            AddBlock(body, properties);
        }

        AddText(body, filter);
        return Frame(PacketType.Unsubscribe, 2, body);
    }

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP with the code Success.</summary>
    public static byte[] Acknowledgement(PacketType type, int packetIdentifier)
    {
        ArrayBufferWriter<byte> body = new();
        AddNumber(body, packetIdentifier);
        return Frame(type, type == PacketType.PubRel ? 2 : 0, body);
    }

    public static byte[] Ping() => Frame(PacketType.PingReq, 0, new ArrayBufferWriter<byte>());

    public static byte[] Disconnect(MqttVersion version, int reason, byte[] properties)
    {
        ArrayBufferWriter<byte> body = new();
        if (version == MqttVersion.V5 && (reason != 0 || properties.Length > 0))
        {
            Add(body, [(byte)reason]);
            if (properties.Length > 0)
            {
                AddBlock(body, properties);
            }
        }

        return Frame(PacketType.Disconnect, 0, body);
    }

    // libmosquitto always says how much it takes, and its tools take no more than they are to print.
    private static byte[] ConnectBlock(MosquittoSettings settings)
    {
        byte[] block = settings.Properties.Block("connect");
        bool isGiven = Formatting.ReceivedProperty.ReadAll(block).Exists(static property => property.Id == PropertyId.ReceiveMaximum);
        int maximum = settings.Count is > 0 and < UsualReceiveMaximum ? settings.Count : UsualReceiveMaximum;
        return isGiven ? block : [.. block, (byte)PropertyId.ReceiveMaximum, (byte)(maximum >> 8), (byte)maximum];
    }

    private static byte[] Frame(PacketType type, int flags, ArrayBufferWriter<byte> body)
    {
        byte[] packet = new byte[1 + VariableByteInteger.GetByteCount((uint)body.WrittenCount) + body.WrittenCount];
        packet[0] = (byte)(((int)type << 4) | flags);
        int length = VariableByteInteger.Write(packet.AsSpan(1), (uint)body.WrittenCount);
        body.WrittenSpan.CopyTo(packet.AsSpan(1 + length));
        return packet;
    }

    private static void AddBlock(ArrayBufferWriter<byte> body, byte[] block)
    {
        body.Advance(VariableByteInteger.Write(body.GetSpan(VariableByteInteger.BytesMax), (uint)block.Length));
        body.Write(block);
    }

    private static void AddIfGiven(ArrayBufferWriter<byte> body, string? text)
    {
        if (text is not null)
        {
            AddText(body, text);
        }
    }

    private static void AddText(ArrayBufferWriter<byte> body, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        AddNumber(body, bytes.Length);
        body.Write(bytes);
    }

    private static void AddNumber(ArrayBufferWriter<byte> body, int number) => Add(body, [(byte)(number >> 8), (byte)number]);

    private static void Add(ArrayBufferWriter<byte> body, ReadOnlySpan<byte> bytes) => body.Write(bytes);
}
