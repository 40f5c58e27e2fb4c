using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Wire;

namespace Starling.EndToEnd.Tests.BadInput;

/// <summary>The tables of broken packets.</summary>
internal static class BadPackets
{
    private const int Malformed = 0x81;
    private const int ProtocolError = 0x82;
    private const int UnsupportedProtocolVersion = 0x84;
    private const int TopicAliasInvalid = 0x94;
    private const int TopicNameInvalid = 0x90;

    private static readonly byte[] OverlongSlash = [0xC0, 0xAF];
    private static readonly byte[] Surrogate = [0xED, 0xA0, 0x80];

    /// <summary>Broken in every version.</summary>
    public static IEnumerable<BadPacket> AfterConnect(Level level)
    {
        byte[] noProperties = level == Level.V50 ? [0] : [];
        byte[] Publish(params byte[] topic) => PacketBytes.Frame(0x30, new ByteWriter().Binary(topic).Raw(noProperties).ToArray());
        byte[] Subscribe(int first, string filter, int options) =>
            PacketBytes.Frame(first, new ByteWriter().TwoByte(1).Raw(noProperties).Text(filter).Byte(options).ToArray());

        BadPacket Of(string name, int reason, int first, params byte[] body) => new(level, name, reason, PacketBytes.Frame(first, body));

        yield return new(level, "packet type 0", Malformed, 0x00, 0);
        yield return new(level, "a second CONNECT", ProtocolError, PacketBytes.Connect(ConnectFields.New(level)));
        yield return new(level, "CONNACK from a client", ProtocolError, [0x20, 2, 0, 0]);
        yield return Of("SUBACK from a client", ProtocolError, 0x90, [0, 1, .. noProperties, 0]);
        yield return new(level, "PINGRESP from a client", ProtocolError, 0xD0, 0);
        yield return new(level, "a Remaining Length of five bytes", Malformed, 0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1);
        yield return Of("PUBLISH with QoS 3", Malformed, 0x36, [0, 1, (byte)'t', 0, 1, .. noProperties]);
        yield return Of("PUBLISH of QoS 0 with DUP", ProtocolError, 0x38, [0, 1, (byte)'t', .. noProperties]);
        yield return Of("PUBLISH whose topic is longer than it", Malformed, 0x30, [0, 9, (byte)'t', .. noProperties]);
        yield return Of("PUBLISH of QoS 1 with identifier 0", ProtocolError, 0x32, [0, 1, (byte)'t', 0, 0, .. noProperties]);
        yield return Of("PUBLISH of QoS 1 without identifier", Malformed, 0x32, [0, 1, (byte)'t']);
        yield return new(level, "PUBLISH to a wildcard", TopicNameInvalid, Publish((byte)'a', (byte)'/', (byte)'#'));
        yield return new(level, "PUBLISH to a topic with U+0000", Malformed, Publish((byte)'a', 0));
        yield return new(level, "PUBLISH to an overlong coding", Malformed, Publish(OverlongSlash));
        yield return new(level, "PUBLISH to a surrogate", Malformed, Publish(Surrogate));
        yield return new(level, "PUBLISH without a topic", level == Level.V50 ? ProtocolError : Malformed, Publish());
        yield return new(level, "SUBSCRIBE with wrong flags", Malformed, Subscribe(0x80, "t", 0));
        yield return Of("SUBSCRIBE without filters", ProtocolError, 0x82, [0, 1, .. noProperties]);
        yield return Of("SUBSCRIBE with identifier 0", ProtocolError, 0x82, [0, 0, .. noProperties, 0, 1, (byte)'t', 0]);
        yield return new(level, "SUBSCRIBE with QoS 3", ProtocolError, Subscribe(0x82, "t", 3));
        yield return new(level, "SUBSCRIBE with reserved option bits", Malformed, Subscribe(0x82, "t", 0xC0));
        yield return Of("SUBSCRIBE with a cut filter", Malformed, 0x82, [0, 1, .. noProperties, 0, 5, (byte)'t']);
        yield return Of("UNSUBSCRIBE without filters", ProtocolError, 0xA2, [0, 1, .. noProperties]);
        yield return Of("UNSUBSCRIBE with wrong flags", Malformed, 0xA0, [0, 1, .. noProperties, 0, 1, (byte)'t']);
        yield return new(level, "PUBREL with wrong flags", Malformed, 0x60, 2, 0, 1);
        yield return new(level, "PUBACK that is cut", Malformed, 0x40, 1, 0);
        yield return new(level, "PINGREQ with a body", Malformed, 0xC0, 1, 0);
        yield return new(level, "DISCONNECT with wrong flags", Malformed, 0xE1, 0);
    }

    /// <summary>Broken only in 3.x, or a packet that 3.x does not have.</summary>
    public static IEnumerable<BadPacket> AfterConnectOf3x(Level level)
    {
        yield return new(level, "packet type 15", 0, 0xF0, 0);
        yield return new(level, "PUBACK with more than an identifier", 0, 0x40, 3, 0, 1, 0);
        yield return new(level, "DISCONNECT with a body", 0, 0xE0, 1, 0);
        yield return new(level, "SUBSCRIBE with options of 5.0", 0, PacketBytes.Subscribe(level, 1, ("t", 0x2C)));
    }

    /// <summary>Broken by a rule of 5.0.</summary>
    public static IEnumerable<BadPacket> AfterConnectOf50()
    {
        byte[] Publish(params byte[] properties) => PacketBytes.Publish(Level.V50, Message.Of("t", "x"), 0, properties);
        byte[] Subscribe(byte[] properties, string filter, byte options) => PacketBytes.Frame(
            0x82, new ByteWriter().TwoByte(1).Block(properties).Text(filter).Byte(options).ToArray());

        yield return Of("a Remaining Length not in its shortest form", Malformed, 0xC0, 0x80, 0);
        yield return Of("PUBLISH with an unknown property", Malformed, Publish(0x7E, 0));
        yield return Of("PUBLISH with a property of CONNECT", Malformed, Publish(0x21, 0, 9));
        yield return Of("PUBLISH with one property twice", ProtocolError, Publish(0x01, 1, 0x01, 1));
        yield return Of("PUBLISH whose properties are longer than it", Malformed, PacketBytes.Frame(0x30, [0, 1, (byte)'t', 100, 1]));
        yield return Of("PUBLISH with payload format 2", ProtocolError, Publish(0x01, 2));
        yield return Of("PUBLISH with alias 0", TopicAliasInvalid, Publish(Property.TopicAlias(0)));
        byte[] aliasOnly = PacketBytes.Publish(Level.V50, Message.Of("", "x"), 0, Property.TopicAlias(1));
        yield return Of("PUBLISH with an alias that was never set", ProtocolError, aliasOnly);
        yield return Of("PUBLISH with a response topic with wildcards", ProtocolError, Publish([0x08, 0, 1, (byte)'#']));
        yield return Of("PUBLISH with a subscription identifier", ProtocolError, Publish(0x0B, 1));
        yield return Of("SUBSCRIBE with identifier property 0", ProtocolError, Subscribe([0x0B, 0], "t", 0));
        yield return Of("SUBSCRIBE with retain handling 3", ProtocolError, Subscribe([], "t", 0x30));
        yield return Of("SUBSCRIBE with No Local on a shared filter", ProtocolError, Subscribe([], "$share/g/t", 0x04));
        yield return Of("PUBACK with a cut reason string", Malformed, PacketBytes.Frame(0x40, [0, 1, 0, 3, 0x1F, 0, 9]));
        yield return Of("AUTH without an authentication method", ProtocolError, PacketBytes.Frame(0xF0, [0x18, 0]));
        yield return Of("DISCONNECT with a session expiry after none", ProtocolError, PacketBytes.Frame(0xE0, [0, 5, 0x11, 0, 0, 0, 9]));
        yield return Of("DISCONNECT with an unknown reason code", ProtocolError, 0xE0, 1, 0x7F);
    }

    /// <summary>Instead of a CONNECT. In 3.x nothing is answered but an unknown protocol; in 5.0 a CONNACK may give the reason.</summary>
    public static IEnumerable<BadPacket> InsteadOfConnect(Level level)
    {
        byte[] good = PacketBytes.Connect(ConnectFields.New(level) with { ClientIdentifier = "bad" });
        int flagsAt = level == Level.V31 ? 11 : 9; // after type, length, protocol name and level
        byte[] WithFlags(int flags) => [.. good[..flagsAt], (byte)flags, .. good[(flagsAt + 1)..]];

        const string request = "GET /index.html HTTP/1.1\r\nHost: localhost:1883\r\nAccept: text/html,application/xhtml+xml\r\n\r\n";

        yield return new(level, "PUBLISH", ProtocolError, PacketBytes.Publish(level, Message.Of("t", "x")));
        yield return new(level, "PINGREQ", ProtocolError, PacketBytes.PingReq);
        yield return new(level, "a request of HTTP", Malformed, PacketBytes.Utf8(request));
        yield return new(level, "CONNECT with a Will flag and no Will", Malformed, WithFlags(0x06));
        yield return new(level, "CONNECT with Will QoS 3", Malformed, WithFlags(0x1E));
        yield return new(level, "CONNECT with bytes after its end", Malformed, [good[0], (byte)(good[1] + 1), .. good[2..], 0]);
        if (level != Level.V31)
        {
            // 3.1 does not say that bits without a meaning are 0.
            yield return new(level, "CONNECT with wrong flags in its first byte", Malformed, [0x11, .. good[1..]]);
            yield return new(level, "CONNECT with the reserved flag", Malformed, WithFlags(0x03));
            yield return new(level, "CONNECT with a Will QoS and no Will flag", Malformed, WithFlags(0x0A));
        }

        byte[] otherName = PacketBytes.Frame(0x10, [0, 4, .. "XQTT"u8, (byte)level, 2, 0, 0, 0, 0]);
        yield return new(level, "CONNECT of another protocol", UnsupportedProtocolVersion, otherName);
    }

    private static BadPacket Of(string name, int reason, params byte[] bytes) => new(Level.V50, name, reason, bytes);
}
