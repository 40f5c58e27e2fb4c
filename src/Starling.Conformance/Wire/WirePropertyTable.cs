using System.Collections.Frozen;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Wire;

/// <summary>The 27 properties: how each is written, and which packets may have it. Our own table, so that it can catch a mistake in another.</summary>
internal static class WirePropertyTable
{
    /// <summary>Stands for the properties of a Will, which are in CONNECT but apart from its own.</summary>
    public const PacketType Will = PacketType.None;

    private static readonly FrozenDictionary<PropertyId, (WirePropertyKind Kind, PacketType[] Packets)> Rows = Build();

    /// <summary>All properties, in the order of their identifiers.</summary>
    public static IReadOnlyList<PropertyId> All { get; } = [.. Rows.Keys.Order()];

    public static bool IsKnown(PropertyId id) => Rows.ContainsKey(id);

    public static WirePropertyKind KindOf(PropertyId id) => Rows[id].Kind;

    /// <summary>Whether the packet may have it, in either direction.</summary>
    public static bool IsAllowed(PropertyId id, PacketType packet) => Rows.TryGetValue(id, out var row) && row.Packets.Contains(packet);

    /// <summary>Whether it may stand there more than once, when a server sends it.</summary>
    public static bool MayRepeat(PropertyId id, PacketType packet) =>
        id == PropertyId.UserProperty || (id == PropertyId.SubscriptionIdentifier && packet == PacketType.Publish);

    private static FrozenDictionary<PropertyId, (WirePropertyKind Kind, PacketType[] Packets)> Build()
    {
        PacketType[] acknowledgements =
        [
            PacketType.PubAck, PacketType.PubRec, PacketType.PubRel, PacketType.PubComp, PacketType.SubAck, PacketType.UnsubAck,
        ];
        PacketType[] message = [PacketType.Publish, Will];
        PacketType[] authentication = [PacketType.Connect, PacketType.ConnAck, PacketType.Auth];
        PacketType[] connAck = [PacketType.ConnAck];
        PacketType[] bothConnects = [PacketType.Connect, PacketType.ConnAck];
        return new Dictionary<PropertyId, (WirePropertyKind, PacketType[])>
        {
            [(PropertyId)0x01] = (WirePropertyKind.Byte, message),
            [(PropertyId)0x02] = (WirePropertyKind.FourByte, message),
            [(PropertyId)0x03] = (WirePropertyKind.Text, message),
            [(PropertyId)0x08] = (WirePropertyKind.Text, message),
            [(PropertyId)0x09] = (WirePropertyKind.Binary, message),
            [(PropertyId)0x0B] = (WirePropertyKind.VariableByte, [PacketType.Publish, PacketType.Subscribe]),
            [(PropertyId)0x11] = (WirePropertyKind.FourByte, [PacketType.Connect, PacketType.ConnAck, PacketType.Disconnect]),
            [(PropertyId)0x12] = (WirePropertyKind.Text, connAck),
            [(PropertyId)0x13] = (WirePropertyKind.TwoByte, connAck),
            [(PropertyId)0x15] = (WirePropertyKind.Text, authentication),
            [(PropertyId)0x16] = (WirePropertyKind.Binary, authentication),
            [(PropertyId)0x17] = (WirePropertyKind.Byte, [PacketType.Connect]),
            [(PropertyId)0x18] = (WirePropertyKind.FourByte, [Will]),
            [(PropertyId)0x19] = (WirePropertyKind.Byte, [PacketType.Connect]),
            [(PropertyId)0x1A] = (WirePropertyKind.Text, connAck),
            [(PropertyId)0x1C] = (WirePropertyKind.Text, [PacketType.ConnAck, PacketType.Disconnect]),
            [(PropertyId)0x1F] = (WirePropertyKind.Text, [PacketType.ConnAck, .. acknowledgements, PacketType.Disconnect, PacketType.Auth]),
            [(PropertyId)0x21] = (WirePropertyKind.TwoByte, bothConnects),
            [(PropertyId)0x22] = (WirePropertyKind.TwoByte, bothConnects),
            [(PropertyId)0x23] = (WirePropertyKind.TwoByte, [PacketType.Publish]),
            [(PropertyId)0x24] = (WirePropertyKind.Byte, connAck),
            [(PropertyId)0x25] = (WirePropertyKind.Byte, connAck),
            [(PropertyId)0x26] = (WirePropertyKind.TextPair,
            [
                PacketType.Connect, Will, PacketType.ConnAck, PacketType.Publish, .. acknowledgements, PacketType.Subscribe,
                PacketType.Unsubscribe, PacketType.Disconnect, PacketType.Auth,
            ]),
            [(PropertyId)0x27] = (WirePropertyKind.FourByte, bothConnects),
            [(PropertyId)0x28] = (WirePropertyKind.Byte, connAck),
            [(PropertyId)0x29] = (WirePropertyKind.Byte, connAck),
            [(PropertyId)0x2A] = (WirePropertyKind.Byte, connAck),
        }.ToFrozenDictionary();
    }
}
