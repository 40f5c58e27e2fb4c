using Starling.Protocol.Packets;

namespace Starling.Conformance.Wire;

/// <summary>Property entries of 5.0 in wire form, to be joined with <c>[.. a, .. b]</c>; values may be as wrong as a case wants them.</summary>
internal static class Property
{
    /// <summary>A number in the width that the property has.</summary>
    public static byte[] Number(PropertyId id, long value)
    {
        ByteWriter writer = new ByteWriter().Byte((int)id);
        return (WirePropertyTable.KindOf(id) switch
        {
            WirePropertyKind.Byte => writer.Byte((int)value),
            WirePropertyKind.TwoByte => writer.TwoByte((int)value),
            WirePropertyKind.FourByte => writer.FourByte((uint)value),
            WirePropertyKind.VariableByte => writer.VariableByte((int)value),
            _ => throw new ArgumentException($"{id} is not a number.", nameof(id)),
        }).ToArray();
    }

    public static byte[] Text(PropertyId id, string value) => new ByteWriter().Byte((int)id).Text(value).ToArray();

    /// <summary>Binary data, or a text that need not be well formed.</summary>
    public static byte[] Data(PropertyId id, ReadOnlySpan<byte> value) => new ByteWriter().Byte((int)id).Binary(value).ToArray();

    public static byte[] User(string name, string value) =>
        new ByteWriter().Byte((int)PropertyId.UserProperty).Text(name).Text(value).ToArray();

    public static byte[] SessionExpiryInterval(uint seconds) => Number(PropertyId.SessionExpiryInterval, seconds);

    public static byte[] ReceiveMaximum(int count) => Number(PropertyId.ReceiveMaximum, count);

    public static byte[] MaximumPacketSize(uint bytes) => Number(PropertyId.MaximumPacketSize, bytes);

    public static byte[] TopicAliasMaximum(int count) => Number(PropertyId.TopicAliasMaximum, count);

    public static byte[] TopicAlias(int alias) => Number(PropertyId.TopicAlias, alias);

    public static byte[] MessageExpiryInterval(uint seconds) => Number(PropertyId.MessageExpiryInterval, seconds);

    public static byte[] WillDelayInterval(uint seconds) => Number(PropertyId.WillDelayInterval, seconds);

    public static byte[] SubscriptionIdentifier(int identifier) => Number(PropertyId.SubscriptionIdentifier, identifier);

    /// <summary>A correct entry with a value that is as good as any; for each of the 27.</summary>
    public static byte[] Sample(PropertyId id) => WirePropertyTable.KindOf(id) switch
    {
        WirePropertyKind.Text => Text(id, "text"),
        WirePropertyKind.Binary => Data(id, [1, 2, 3]),
        WirePropertyKind.TextPair => User("name", "value"),
        _ => Number(id, 1),
    };
}
