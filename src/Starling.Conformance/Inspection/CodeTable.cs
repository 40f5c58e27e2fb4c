using System.Collections.Frozen;
using Starling.Protocol;

namespace Starling.Conformance.Inspection;

/// <summary>The codes that a server may send in each packet of 5.0. Our own table, so that it can catch a mistake in another.</summary>
internal static class CodeTable
{
    private static readonly FrozenDictionary<PacketType, (InspectionRule Rule, byte[] Codes)> Rows = Build();

    /// <summary>The rule about the codes of this packet, and the codes; null for a packet without codes.</summary>
    public static (InspectionRule Rule, byte[] Codes)? Find(PacketType type, MqttVersion version) => (type, version) switch
    {
        (PacketType.SubAck, MqttVersion.V31) => (InspectionRules.SubAckCodes, [0, 1, 2]),
        (PacketType.SubAck, MqttVersion.V311) => (InspectionRules.SubAckCodes, [0, 1, 2, 0x80]),
        (PacketType.ConnAck, not MqttVersion.V5) => (InspectionRules.ConnAckCodes, [0, 1, 2, 3, 4, 5]),
        (_, MqttVersion.V5) => Rows.TryGetValue(type, out var row) ? row : null,
        _ => null,
    };

    private static FrozenDictionary<PacketType, (InspectionRule Rule, byte[] Codes)> Build()
    {
        byte[] published = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];
        byte[] released = [0x00, 0x92];
        return new Dictionary<PacketType, (InspectionRule, byte[])>
        {
            [PacketType.ConnAck] = (InspectionRules.ConnAckCodes,
            [
                0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C,
                0x9D, 0x9F,
            ]),
            [PacketType.PubAck] = (InspectionRules.PubAckCodes, published),
            [PacketType.PubRec] = (InspectionRules.PubRecCodes, published),
            [PacketType.PubRel] = (InspectionRules.PubRelCodes, released),
            [PacketType.PubComp] = (InspectionRules.PubCompCodes, released),
            [PacketType.SubAck] = (InspectionRules.SubAckCodes,
                [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2]),
            [PacketType.UnsubAck] = (InspectionRules.UnsubAckCodes, [0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91]),
            [PacketType.Disconnect] = (InspectionRules.DisconnectCodes,
            [
                0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
                0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
            ]),
            [PacketType.Auth] = (InspectionRules.AuthCodes, [0x00, 0x18]),
        }.ToFrozenDictionary();
    }
}
