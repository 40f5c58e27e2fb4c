using Starling.Conformance.Inspection;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Client.Wire;

/// <summary>The fields of a CONNECT as they stand in the packet.</summary>
internal sealed record ReceivedConnect
{
    public string ProtocolName { get; private init; } = "";

    public int Level { get; private init; }

    public int Flags { get; private init; }

    public int KeepAliveSeconds { get; private init; }

    public string ClientIdentifier { get; private init; } = "";

    public IReadOnlyList<WireProperty> WillProperties { get; private init; } = [];

    public string? WillTopic { get; private init; }

    public byte[]? WillPayload { get; private init; }

    public string? UserName { get; private init; }

    public byte[]? Password { get; private init; }

    public bool CleanStart => (Flags & 0x02) != 0;

    public bool HasWill => (Flags & 0x04) != 0;

    public int WillQos => (Flags >> 3) & 3;

    public bool WillRetain => (Flags & 0x20) != 0;

    public static (ReceivedConnect Connect, IReadOnlyList<WireProperty> Properties) Read(ref WireReader reader)
    {
        string name = reader.Text("Protocol Name");
        int level = reader.Byte();
        int flags = reader.Byte();
        int keepAlive = reader.TwoByte();
        bool isV5 = level == (int)MqttVersion.V5;
        IReadOnlyList<WireProperty> properties = isV5 ? reader.Properties(PacketType.Connect) : [];
        string identifier = reader.Text("Client Identifier");
        bool hasWill = (flags & 0x04) != 0;

        // The order of these initializers is the order of the payload.
        ReceivedConnect connect = new()
        {
            ProtocolName = name,
            Level = level,
            Flags = flags,
            KeepAliveSeconds = keepAlive,
            ClientIdentifier = identifier,
            WillProperties = hasWill && isV5 ? reader.Properties(WirePropertyTable.Will) : [],
            WillTopic = hasWill ? reader.Text("Will Topic") : null,
            WillPayload = hasWill ? reader.Binary() : null,
            UserName = (flags & 0x80) != 0 ? reader.Text("User Name") : null,
            Password = (flags & 0x40) != 0 ? reader.Binary() : null,
        };
        return (connect, properties);
    }

    public IEnumerable<Breach> Check()
    {
        if (!HasWill && WillQos != 0)
        {
            yield return new Breach(ClientRules.WillQosWithoutWill, $"flags {Flags:X2}");
        }

        if (!HasWill && WillRetain)
        {
            yield return new Breach(ClientRules.WillRetainWithoutWill, $"flags {Flags:X2}");
        }

        if (WillQos == 3)
        {
            yield return new Breach(ClientRules.WillQos, $"flags {Flags:X2}");
        }

        if (Level != (int)MqttVersion.V5 && UserName is null && Password is not null)
        {
            yield return new Breach(ClientRules.PasswordAlone, $"flags {Flags:X2}");
        }

        if (WillTopic is { } topic && (topic.Length == 0 || topic.AsSpan().ContainsAny('+', '#')))
        {
            yield return new Breach(topic.Length == 0 ? ClientRules.EmptyTopic : ClientRules.TopicWildcards, $"Will Topic '{topic}'");
        }

        if (ProtocolName != (Level == (int)MqttVersion.V31 ? "MQIsdp" : "MQTT"))
        {
            yield return new Breach(ClientRules.ProtocolName, $"'{ProtocolName}' at level {Level}");
        }
    }
}
