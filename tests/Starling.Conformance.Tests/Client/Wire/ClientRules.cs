using Starling.Conformance.Inspection;

namespace Starling.Conformance.Tests.Client.Wire;

/// <summary>What is looked at in every packet that the client sends, whichever case it came in.</summary>
internal static class ClientRules
{
    public static readonly InspectionRule Flags = new(
        "Every packet from the client has the flags laid down for its type", "MQTT-2.1.3-1", "MQTT311-2.2.2-1");

    public static readonly InspectionRule PublishQos = new("No PUBLISH from the client has both QoS bits set", "MQTT-3.3.1-4", "MQTT311-3.3.1-4");

    public static readonly InspectionRule Duplicate = new(
        "No QoS 0 PUBLISH from the client has DUP set", "MQTT-3.3.1-2", "MQTT-4.3.1-1", "MQTT311-3.3.1-2", "MQTT311-4.3.1-1");

    public static readonly InspectionRule Identifier = new(
        "No packet from the client has Packet Identifier 0", "MQTT-2.2.1-3", "MQTT311-2.3.1-1");

    public static readonly InspectionRule UniqueIdentifier = new(
        "Every new packet from the client takes an identifier that is free",
        "MQTT-2.2.1-3",
        "MQTT-4.3.2-1",
        "MQTT-4.3.3-1",
        "MQTT311-2.3.1-2",
        "MQTT311-4.3.2-1");

    public static readonly InspectionRule ShortestNumbers = new("The client writes every variable byte integer in the fewest bytes", "MQTT-1.5.5-1");

    public static readonly InspectionRule Fields = new("Every packet from the client holds its fields and nothing else", "U5-05", "MQTT-2.2.2-1");

    public static readonly InspectionRule Text = new(
        "Every text field from the client is valid UTF-8",
        "MQTT-1.5.4-1",
        "MQTT-1.5.4-2",
        "MQTT-1.5.7-1",
        "MQTT-3.1.3-4",
        "MQTT-3.1.3-11",
        "MQTT-3.1.3-12",
        "MQTT-3.3.2-1",
        "MQTT-3.3.2-13",
        "MQTT-3.3.2-19",
        "MQTT-3.8.3-1",
        "MQTT-3.10.3-1",
        "MQTT-4.7.3-2",
        "MQTT311-1.5.3-1",
        "MQTT311-1.5.3-2",
        "MQTT311-3.1.3-4",
        "MQTT311-3.1.3-10",
        "MQTT311-3.1.3-11",
        "MQTT311-3.3.2-1",
        "MQTT311-3.8.3-1",
        "MQTT311-3.10.3-1",
        "MQTT311-4.7.3-2");

    public static readonly InspectionRule PropertyPlaces = new(
        "Every property from the client is known and allowed where it stands, for a client", "U5-06");

    public static readonly InspectionRule PropertyRepeats = new(
        "No property from the client stands twice where it may stand once", "U5-07");

    public static readonly InspectionRule TopicWildcards = new(
        "No Topic Name from the client has wildcards", "MQTT-3.3.2-2", "MQTT-4.7.0-1", "MQTT311-3.3.2-2", "MQTT311-4.7.1-1");

    public static readonly InspectionRule EmptyTopic = new(
        "No topic or filter from the client is empty", "MQTT-4.7.3-1", "U5-20", "MQTT311-4.7.3-1");

    public static readonly InspectionRule ResponseTopic = new("No Response Topic from the client has wildcards", "MQTT-3.3.2-14");

    public static readonly InspectionRule SubscriptionIdentifier = new(
        "No PUBLISH from the client has a Subscription Identifier", "MQTT-3.3.4-6");

    public static readonly InspectionRule TopicAliasZero = new("No Topic Alias of the client is 0", "MQTT-3.3.2-8");

    public static readonly InspectionRule TopicAlias = new(
        "No Topic Alias of the client is above the server's maximum", "MQTT-3.2.2-17", "MQTT-3.2.2-18", "MQTT-3.3.2-9");

    public static readonly InspectionRule NoFilter = new(
        "Every SUBSCRIBE and UNSUBSCRIBE has a filter", "MQTT-3.8.3-2", "MQTT-3.10.3-2", "MQTT311-3.8.3-3", "MQTT311-3.10.3-2");

    public static readonly InspectionRule SingleLevelWildcard = new(
        "Every + in a filter from the client fills a level", "MQTT-4.7.1-2", "MQTT311-4.7.1-3");

    public static readonly InspectionRule MultiLevelWildcard = new(
        "Every # in a filter from the client is the whole last level", "MQTT-4.7.1-1", "MQTT311-4.7.1-2");

    public static readonly InspectionRule ShareName = new(
        "Every shared filter from the client has a share name and a filter", "MQTT-4.8.2-1", "MQTT-4.8.2-2");

    public static readonly InspectionRule SharedNoLocal = new("No shared subscription of the client is No Local", "MQTT-3.8.3-4");

    public static readonly InspectionRule SubscriptionOptions = new(
        "No SUBSCRIBE from the client has QoS 3, Retain Handling 3 or reserved bits", "U5-30", "U5-31", "MQTT-2.1.3-1");

    public static readonly InspectionRule WillQosWithoutWill = new(
        "Without a Will the Will QoS of CONNECT is 0", "MQTT-3.1.2-11", "MQTT311-3.1.2-11", "MQTT311-3.1.2-13");

    public static readonly InspectionRule WillRetainWithoutWill = new(
        "Without a Will the Will Retain of CONNECT is 0", "MQTT-3.1.2-13", "MQTT311-3.1.2-11", "MQTT311-3.1.2-15");

    public static readonly InspectionRule WillQos = new("No Will QoS is 3", "MQTT-3.1.2-12", "MQTT311-3.1.2-14");

    public static readonly InspectionRule PasswordAlone = new("No CONNECT of 3.x has a password without a user name", "MQTT311-3.1.2-22");

    public static readonly InspectionRule ProtocolName = new("CONNECT has the protocol name of its version", "MQTT-3.1.2-1", "MQTT31-6");

    public static readonly InspectionRule ConnectFirst = new(
        "CONNECT comes first on every connection, and only first", "MQTT-3.1.0-1", "MQTT311-3.1.0-1");

    public static readonly InspectionRule Direction = new(
        "The client sends no packet that only a server sends or that is reserved", "U5-01", "MQTT311-4.8.0-1");

    public static readonly InspectionRule SilentAfterDisconnect = new(
        "Nothing follows a DISCONNECT of the client", "MQTT-3.14.4-1", "MQTT311-3.14.4-2");

    public static readonly InspectionRule MaximumQos = new("No PUBLISH has a QoS above the server's maximum", "MQTT-3.2.2-11");

    public static readonly InspectionRule RetainAvailable = new("No PUBLISH has RETAIN where the server has no retained messages", "MQTT-3.2.2-14");

    public static readonly InspectionRule PacketSize = new("No packet is larger than the server allows", "MQTT-3.2.2-15");

    public static readonly InspectionRule SendQuota = new(
        "No more QoS 1 and 2 messages are open than the server allows", "MQTT-3.3.4-7", "MQTT-4.9.0-1", "MQTT-4.9.0-2");

    public static readonly InspectionRule UnaskedAuth = new("Without a method in CONNECT the client sends no AUTH", "MQTT-4.12.0-7");

    public static readonly InspectionRule AuthMethod = new("Every AUTH of the client repeats the method of its CONNECT", "MQTT-4.12.0-5");

    /// <summary>All of them, in this order.</summary>
    public static IReadOnlyList<InspectionRule> All { get; } =
    [
        Flags, PublishQos, Duplicate, Identifier, UniqueIdentifier, ShortestNumbers, Fields, Text, PropertyPlaces, PropertyRepeats,
        TopicWildcards, EmptyTopic, ResponseTopic, SubscriptionIdentifier, TopicAliasZero, TopicAlias, NoFilter, SingleLevelWildcard,
        MultiLevelWildcard, ShareName, SharedNoLocal, SubscriptionOptions, WillQosWithoutWill, WillRetainWithoutWill, WillQos,
        PasswordAlone, ProtocolName, ConnectFirst, Direction, SilentAfterDisconnect, MaximumQos, RetainAvailable, PacketSize, SendQuota,
        UnaskedAuth, AuthMethod, .. ClientCodes.Rules,
    ];

    /// <summary>The rule of a client that says what a rule of a server says.</summary>
    public static InspectionRule Of(InspectionRule rule) => rule switch
    {
        _ when rule == InspectionRules.Identifier => Identifier,
        _ when rule == InspectionRules.ShortestNumbers => ShortestNumbers,
        _ when rule == InspectionRules.Text => Text,
        _ when rule == InspectionRules.PropertyPlaces => PropertyPlaces,
        _ when rule == InspectionRules.PropertyRepeats => PropertyRepeats,
        _ => Fields,
    };
}
