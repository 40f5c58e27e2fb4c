using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>Every text in every packet of a client.</summary>
internal static class TextFields
{
    private static readonly string[] NoZero = ["MQTT-4.7.3-2", "MQTT311-4.7.3-2"];

    public static IReadOnlyList<TextField> All { get; } =
    [
        new("the Client Identifier", PacketType.Connect, (_, packet, text) => InTail(packet, text))
        {
            IsIn311 = true,
            TextStatements = ["MQTT-3.1.3-4", "MQTT311-3.1.3-4"],
            Codes = [ReasonCode.ClientIdentifierNotValid],
        },
        new("the Will Topic", WirePropertyTable.Will, (_, packet, text) => InTail(packet, text))
        {
            IsIn311 = true,
            TextStatements = ["MQTT-3.1.3-11", "MQTT311-3.1.3-10"],
            ZeroStatements = NoZero,
            Codes = [ReasonCode.TopicNameInvalid],
        },
        new("the User Name", PacketType.Connect, (run, _, text) => InUserName(run, text))
        {
            IsIn311 = true,
            TextStatements = ["MQTT-3.1.3-12", "MQTT311-3.1.3-11"],
            Codes = [ReasonCode.BadUserNameOrPassword, ReasonCode.NotAuthorized],
        },
        new("the Topic Name", PacketType.Publish, (_, packet, text) => InTopicName(packet, text))
        {
            IsIn311 = true,
            TextStatements = ["MQTT-3.3.2-1", "MQTT311-3.3.2-1"],
            ZeroStatements = NoZero,
            Codes = [ReasonCode.TopicNameInvalid],
        },
        new("the Topic Filter of SUBSCRIBE", PacketType.Subscribe, (_, packet, text) => InTail(packet, text))
        {
            IsIn311 = true,
            TextStatements = ["MQTT-3.8.3-1", "MQTT311-3.8.3-1"],
            ZeroStatements = NoZero,
            Codes = [ReasonCode.TopicFilterInvalid],
        },
        new("the Topic Filter of UNSUBSCRIBE", PacketType.Unsubscribe, (_, packet, text) => InTail(packet, text))
        {
            IsIn311 = true,
            TextStatements = ["MQTT-3.10.3-1", "MQTT311-3.10.3-1"],
            ZeroStatements = NoZero,
            Codes = [ReasonCode.TopicFilterInvalid],
        },
        OfProperty(PropertyId.ContentType, PacketType.Publish, "MQTT-3.3.2-19"),
        OfProperty(PropertyId.ResponseTopic, PacketType.Publish, "MQTT-3.3.2-13") with { Codes = [ReasonCode.TopicNameInvalid] },
        OfProperty(PropertyId.ContentType, WirePropertyTable.Will),
        OfProperty(PropertyId.ResponseTopic, WirePropertyTable.Will) with { Codes = [ReasonCode.TopicNameInvalid] },
        OfProperty(PropertyId.AuthenticationMethod, PacketType.Connect) with
        {
            Codes = [ReasonCode.BadAuthenticationMethod, ReasonCode.NotAuthorized],
        },
        .. from packet in ClientProperties.Packets
           where WirePropertyTable.IsAllowed(PropertyId.ReasonString, packet)
           select OfProperty(PropertyId.ReasonString, packet),
        .. ClientProperties.Packets.SelectMany(OfUserProperty),
    ];

    private static TextField OfProperty(PropertyId id, PacketType packet, params string[] statements) =>
        new($"the {Words(id)} of {ClientProperties.NameOf(packet)}", packet, (_, parts, text) => parts.With(Property.Data(id, text)).Bytes)
        {
            TextStatements = statements,
        };

    private static IEnumerable<TextField> OfUserProperty(PacketType packet)
    {
        string[] pair = ["MQTT-1.5.7-1"];
        string name = ClientProperties.NameOf(packet);
        yield return new($"the name of a User Property of {name}", packet, (_, parts, text) => parts.With(Pair(text, "value"u8)).Bytes)
        {
            TextStatements = pair,
            ZeroStatements = pair,
        };
        yield return new($"the value of a User Property of {name}", packet, (_, parts, text) => parts.With(Pair("name"u8, text)).Bytes)
        {
            TextStatements = pair,
            ZeroStatements = pair,
        };
    }

    private static byte[] Pair(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        new ByteWriter().Byte((int)PropertyId.UserProperty).Binary(name).Binary(value).ToArray();

    private static string Words(PropertyId id) => id switch
    {
        PropertyId.ContentType => "Content Type",
        PropertyId.ResponseTopic => "Response Topic",
        PropertyId.AuthenticationMethod => "Authentication Method",
        _ => "Reason String",
    };

    /// <summary>The text that the packet begins with behind its properties; what follows stays.</summary>
    private static byte[] InTail(PacketParts packet, byte[] text)
    {
        byte[] rest = packet.Tail[(2 + ((packet.Tail[0] << 8) | packet.Tail[1]))..];
        return (packet with { Tail = new ByteWriter().Binary(text).Raw(rest).ToArray() }).Bytes;
    }

    private static byte[] InTopicName(PacketParts packet, byte[] text) =>
        (packet with { Head = new ByteWriter().Binary(text).TwoByte(packet.Identifier).ToArray() }).Bytes;

    private static byte[] InUserName(CaseRun run, byte[] text)
    {
        ConnectFields fields = run.NewConnect() with { UserName = "", Password = null };
        PacketParts packet = PacketParts.Connect(fields);
        return (packet with { Tail = new ByteWriter().Text(fields.ClientIdentifier).Binary(text).ToArray() }).Bytes;
    }
}
