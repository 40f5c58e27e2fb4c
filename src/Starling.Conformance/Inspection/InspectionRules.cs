using Starling.Protocol;

namespace Starling.Conformance.Inspection;

/// <summary>What is looked at in every packet that a server sends.</summary>
internal static class InspectionRules
{
    public static readonly InspectionRule Flags = new(
        "Every packet from the server has the flags laid down for its type", "MQTT-2.1.3-1", "MQTT311-2.2.2-1");

    public static readonly InspectionRule PublishQos = new(
        "No PUBLISH from the server has both QoS bits set", "MQTT-3.3.1-4", "MQTT311-3.3.1-4") { Packets = [PacketType.Publish] };

    public static readonly InspectionRule Duplicate = new(
        "No QoS 0 PUBLISH from the server has DUP set", "MQTT-3.3.1-2", "MQTT-4.3.1-1", "MQTT311-3.3.1-2", "MQTT311-4.3.1-1")
    {
        Packets = [PacketType.Publish],
    };

    public static readonly InspectionRule Identifier = new(
        "No PUBLISH from the server has Packet Identifier 0", "MQTT-2.2.1-4", "MQTT311-2.3.1-1") { Packets = [PacketType.Publish] };

    public static readonly InspectionRule ShortestNumbers = new(
        "The server writes every variable byte integer in the fewest bytes", "MQTT-1.5.5-1");

    public static readonly InspectionRule Fields = new(
        "Every packet from the server holds its fields and nothing else", "U5-05");

    public static readonly InspectionRule PropertyLength = new(
        "The server writes an empty list of properties as length 0", "MQTT-2.2.2-1");

    public static readonly InspectionRule Text = new(
        "Every text field from the server is valid UTF-8", "MQTT-1.5.4-1", "MQTT311-1.5.3-1") { Packets = [PacketType.Publish] };

    public static readonly InspectionRule NullCharacters = new(
        "No text field from the server has U+0000", "MQTT-1.5.4-2", "MQTT311-1.5.3-2") { Packets = [PacketType.Publish] };

    public static readonly InspectionRule PropertyPlaces = new(
        "Every property from the server is known and allowed where it stands", "U5-06");

    public static readonly InspectionRule PropertyRepeats = new(
        "No property from the server stands twice where it may stand once", "U5-07");

    public static readonly InspectionRule TopicWildcards = new(
        "No Topic Name from the server has wildcards", "MQTT-3.3.2-2", "MQTT-4.7.0-1", "MQTT311-3.3.2-2", "MQTT311-4.7.1-1")
    {
        Packets = [PacketType.Publish],
    };

    public static readonly InspectionRule TopicLength = new(
        "Every PUBLISH from the server has a Topic Name or a Topic Alias", "MQTT-4.7.3-1", "MQTT311-4.7.3-1")
    {
        Packets = [PacketType.Publish],
    };

    public static readonly InspectionRule ConnAckFlags = new(
        "The reserved flags of every CONNACK are 0", "MQTT-3.2.2-1", "MQTT31-4") { Packets = [PacketType.ConnAck] };

    public static readonly InspectionRule RefusedSessionPresent = new(
        "No CONNACK that refuses has Session Present", "MQTT-3.2.2-6", "MQTT311-3.2.2-4") { Packets = [PacketType.ConnAck] };

    public static readonly InspectionRule ConnAckCodes = new(
        "Every CONNACK has a code of its table", "MQTT-3.2.2-8", "MQTT311-3.2.2-6") { Packets = [PacketType.ConnAck] };

    public static readonly InspectionRule PubAckCodes = new(
        "Every PUBACK from the server has a code of its table", "MQTT-3.4.2-1") { Packets = [PacketType.PubAck] };

    public static readonly InspectionRule PubRecCodes = new(
        "Every PUBREC from the server has a code of its table", "MQTT-3.5.2-1") { Packets = [PacketType.PubRec] };

    public static readonly InspectionRule PubRelCodes = new(
        "Every PUBREL from the server has a code of its table", "MQTT-3.6.2-1") { Packets = [PacketType.PubRel] };

    public static readonly InspectionRule PubCompCodes = new(
        "Every PUBCOMP from the server has a code of its table", "MQTT-3.7.2-1") { Packets = [PacketType.PubComp] };

    public static readonly InspectionRule SubAckCodes = new(
        "Every SUBACK has codes of its table", "MQTT-3.9.3-2", "MQTT311-3.9.3-2", "MQTT31-5") { Packets = [PacketType.SubAck] };

    public static readonly InspectionRule UnsubAckCodes = new(
        "Every UNSUBACK has codes of its table", "MQTT-3.11.3-2") { Packets = [PacketType.UnsubAck] };

    public static readonly InspectionRule DisconnectCodes = new(
        "Every DISCONNECT from the server has a code of its table", "MQTT-3.14.2-1") { Packets = [PacketType.Disconnect] };

    public static readonly InspectionRule DisconnectExpiry = new(
        "No DISCONNECT from the server has a Session Expiry Interval", "MQTT-3.14.2-2") { Packets = [PacketType.Disconnect] };

    public static readonly InspectionRule AuthCodes = new(
        "Every AUTH from the server has a code of its table", "MQTT-3.15.2-1") { Packets = [PacketType.Auth] };

    public static readonly InspectionRule ConnAckFirst = new(
        "CONNACK comes first on every connection", "MQTT-3.2.0-1", "MQTT311-3.2.0-1") { Packets = [PacketType.ConnAck] };

    public static readonly InspectionRule EarlyDisconnect = new(
        "No DISCONNECT comes from the server before it has accepted the connection", "MQTT-3.14.0-1");

    public static readonly InspectionRule OneConnAck = new(
        "No connection has two CONNACK", "MQTT-3.2.0-2") { Packets = [PacketType.ConnAck] };

    public static readonly InspectionRule SilentAfterDisconnect = new(
        "Nothing follows a DISCONNECT of the server", "MQTT-3.14.4-1") { Packets = [PacketType.Disconnect] };

    public static readonly InspectionRule PacketSize = new("No packet is larger than the client allows", "MQTT-3.1.2-24");

    public static readonly InspectionRule TopicAlias = new(
        "No Topic Alias of the server is above the client's maximum", "MQTT-3.1.2-26", "MQTT-3.3.2-11") { Packets = [PacketType.Publish] };

    public static readonly InspectionRule TopicAliasUnasked = new(
        "The server uses no Topic Alias when the client allows none", "MQTT-3.1.2-27") { Packets = [PacketType.Publish] };

    public static readonly InspectionRule TopicAliasZero = new(
        "No Topic Alias of the server is 0", "MQTT-3.3.2-8") { Packets = [PacketType.Publish] };

    public static readonly InspectionRule ProblemInformation = new(
        "Without Request Problem Information only CONNACK, PUBLISH and DISCONNECT explain themselves", "MQTT-3.1.2-29");

    public static readonly InspectionRule ResponseInformation = new(
        "CONNACK has no Response Information that was not asked for", "MQTT-3.1.2-28") { Packets = [PacketType.ConnAck] };

    /// <summary>All of them, in this order.</summary>
    public static IReadOnlyList<InspectionRule> All { get; } =
    [
        Flags, PublishQos, Duplicate, Identifier, ShortestNumbers, Fields, PropertyLength, Text, NullCharacters, PropertyPlaces,
        PropertyRepeats, TopicWildcards, TopicLength, ConnAckFlags, RefusedSessionPresent, ConnAckCodes, PubAckCodes, PubRecCodes,
        PubRelCodes, PubCompCodes, SubAckCodes, UnsubAckCodes, DisconnectCodes, DisconnectExpiry, AuthCodes, ConnAckFirst,
        EarlyDisconnect, OneConnAck, SilentAfterDisconnect, PacketSize, TopicAlias, TopicAliasUnasked, TopicAliasZero,
        ProblemInformation, ResponseInformation,
    ];
}
