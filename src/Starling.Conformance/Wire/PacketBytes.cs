using System.Text;
using Starling.Protocol;

namespace Starling.Conformance.Wire;

/// <summary>Well-formed packets of a client as bytes, and <see cref="Frame"/> for all others.</summary>
internal static class PacketBytes
{
    public static byte[] PingReq { get; } = [0xC0, 0];

    /// <summary>Normal disconnection, in every version.</summary>
    public static byte[] Disconnect { get; } = [0xE0, 0];

    /// <summary>Any first byte, the length of the body, and the body.</summary>
    public static byte[] Frame(int firstByte, ReadOnlySpan<byte> body) => new ByteWriter().Byte(firstByte).Block(body).ToArray();

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Connect(ConnectFields fields)
    {
        WireWill? will = fields.Will;
        int flags = (fields.CleanStart ? 0x02 : 0)
            | (will is null ? 0 : 0x04 | (will.Qos << 3) | (will.Retain ? 0x20 : 0))
            | (fields.Password is null ? 0 : 0x40)
            | (fields.UserName is null ? 0 : 0x80);
        ByteWriter body = new ByteWriter()
            .Text(fields.Version == MqttVersion.V31 ? "MQIsdp" : "MQTT")
            .Byte((int)fields.Version)
            .Byte(flags)
            .TwoByte(fields.KeepAlive);
        AddProperties(body, fields.Version, fields.Properties).Text(fields.ClientIdentifier);
        if (will is not null)
        {
            AddProperties(body, fields.Version, will.Properties).Text(will.Topic).Binary(will.Payload);
        }

        if (fields.UserName is not null)
        {
            body.Text(fields.UserName);
        }

        if (fields.Password is not null)
        {
            body.Binary(fields.Password);
        }

        return Frame(0x10, body.ToArray());
    }

    public static byte[] Publish(MqttVersion version, WireMessage message, int identifier = 0)
    {
        ByteWriter body = new ByteWriter().Text(message.Topic);
        if (message.Qos > 0)
        {
            body.TwoByte(identifier);
        }

        AddProperties(body, version, message.Properties).Raw(message.Payload);
        return Frame(0x30 | (message.Duplicate ? 8 : 0) | (message.Qos << 1) | (message.Retain ? 1 : 0), body.ToArray());
    }

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP in the shortest form that has the reason.</summary>
    public static byte[] Acknowledge(PacketType type, int identifier, ReasonCode reason = ReasonCode.Success)
    {
        ByteWriter body = new ByteWriter().TwoByte(identifier);
        if (reason != ReasonCode.Success)
        {
            body.Byte((int)reason);
        }

        return Frame(((int)type << 4) | (type == PacketType.PubRel ? 2 : 0), body.ToArray());
    }

    public static byte[] Subscribe(MqttVersion version, int identifier, byte[] properties, params (string Filter, int Options)[] filters)
    {
        ByteWriter body = AddProperties(new ByteWriter().TwoByte(identifier), version, properties);
        foreach ((string filter, int options) in filters)
        {
            body.Text(filter).Byte(options);
        }

        return Frame(0x82, body.ToArray());
    }

    public static byte[] Unsubscribe(MqttVersion version, int identifier, params string[] filters)
    {
        ByteWriter body = AddProperties(new ByteWriter().TwoByte(identifier), version, []);
        foreach (string filter in filters)
        {
            body.Text(filter);
        }

        return Frame(0xA2, body.ToArray());
    }

    /// <summary>DISCONNECT of 5.0 with a reason and properties.</summary>
    public static byte[] DisconnectWith(ReasonCode reason, params byte[] properties) =>
        Frame(0xE0, new ByteWriter().Byte((int)reason).Block(properties).ToArray());

    /// <summary>AUTH of 5.0.</summary>
    public static byte[] Auth(ReasonCode reason, params byte[] properties) =>
        Frame(0xF0, new ByteWriter().Byte((int)reason).Block(properties).ToArray());

    private static ByteWriter AddProperties(ByteWriter body, MqttVersion version, byte[] properties) =>
        version == MqttVersion.V5 ? body.Block(properties) : body;
}
