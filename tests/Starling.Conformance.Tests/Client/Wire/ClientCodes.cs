using System.Collections.Frozen;
using Starling.Conformance.Inspection;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Client.Wire;

/// <summary>The codes that a client may send in each packet of 5.0.</summary>
internal static class ClientCodes
{
    private static readonly FrozenDictionary<PacketType, (InspectionRule Rule, byte[] Codes)> Rows = Build();

    public static IEnumerable<InspectionRule> Rules => Rows.OrderBy(row => row.Key).Select(row => row.Value.Rule);

    public static (InspectionRule Rule, byte[] Codes)? Find(PacketType type) => Rows.TryGetValue(type, out var row) ? row : null;

    private static FrozenDictionary<PacketType, (InspectionRule Rule, byte[] Codes)> Build()
    {
        byte[] published = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];
        byte[] released = [0x00, 0x92];
        return new Dictionary<PacketType, (InspectionRule, byte[])>
        {
            [PacketType.PubAck] = (new("Every PUBACK from the client has a code of its table", "MQTT-3.4.2-1"), published),
            [PacketType.PubRec] = (new("Every PUBREC from the client has a code of its table", "MQTT-3.5.2-1"), published),
            [PacketType.PubRel] = (new("Every PUBREL from the client has a code of its table", "MQTT-3.6.2-1"), released),
            [PacketType.PubComp] = (new("Every PUBCOMP from the client has a code of its table", "MQTT-3.7.2-1"), released),
            [PacketType.Disconnect] = (new("Every DISCONNECT from the client has a code that a client may send", "MQTT-3.14.2-1"),
                [0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99]),
            [PacketType.Auth] = (new("Every AUTH from the client has a code that a client may send", "MQTT-3.15.2-1"), [0x18, 0x19]),
        }.ToFrozenDictionary();
    }
}
