using System.Text;
using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Wire;

/// <summary>Well-formed packets of a client, as bytes.</summary>
internal static class PacketBytes
{
    public static readonly byte[] PingReq = [0xC0, 0];

    /// <summary>Normal disconnection, in every version.</summary>
    public static readonly byte[] Disconnect = [0xE0, 0];

    /// <summary>Any first byte before any body.</summary>
    public static byte[] Frame(int firstByte, ReadOnlySpan<byte> body) => new ByteWriter().Byte(firstByte).Block(body).ToArray();

    public static byte[] Connect(ConnectFields fields)
    {
        Message? will = fields.Will;
        int flags = (fields.CleanStart ? 2 : 0) | (will is null ? 0 : 4 | (will.Qos << 3) | (will.Retain ? 32 : 0));
        ByteWriter body = new ByteWriter().Text(fields.Level == Level.V31 ? "MQIsdp" : "MQTT").Byte((int)fields.Level).Byte(flags);
        body.TwoByte(fields.KeepAliveSeconds);
        AddProperties(body, fields.Level, fields.Properties).Text(fields.ClientIdentifier);
        if (will is not null)
        {
            AddProperties(body, fields.Level, []).Text(will.Topic).Binary(will.Payload);
        }

        return Frame(0x10, body.ToArray());
    }

    public static byte[] Publish(Level level, Message message, int identifier = 0, params byte[] properties)
    {
        ByteWriter body = new ByteWriter().Text(message.Topic);
        if (message.Qos > 0)
        {
            body.TwoByte(identifier);
        }

        AddProperties(body, level, properties).Raw(message.Payload);
        return Frame(0x30 | (message.Qos << 1) | (message.Retain ? 1 : 0), body.ToArray());
    }

    public static byte[] Acknowledge(PacketKind kind, int identifier) =>
        Frame(((int)kind << 4) | (kind == PacketKind.PubRel ? 2 : 0), new ByteWriter().TwoByte(identifier).ToArray());

    public static byte[] Subscribe(Level level, int identifier, params (string Filter, int Options)[] filters)
    {
        ByteWriter body = AddProperties(new ByteWriter().TwoByte(identifier), level, []);
        foreach ((string filter, int options) in filters)
        {
            body.Text(filter).Byte(options);
        }

        return Frame(0x82, body.ToArray());
    }

    public static byte[] Unsubscribe(Level level, int identifier, string filter) =>
        Frame(0xA2, AddProperties(new ByteWriter().TwoByte(identifier), level, []).Text(filter).ToArray());

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static ByteWriter AddProperties(ByteWriter body, Level level, byte[] properties) =>
        level == Level.V50 ? body.Block(properties) : body;
}
