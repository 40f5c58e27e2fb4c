namespace Starling.EndToEnd.Tests.Wire;

/// <summary>Property entries of 5.0 in wire form, and the identifiers that tests look for.</summary>
internal static class Property
{
    public const int AssignedClientIdentifierId = 0x12;
    public const int SessionExpiryIntervalId = 0x11;
    public const int ServerKeepAliveId = 0x13;
    public const int ReasonStringId = 0x1F;
    public const int ReceiveMaximumId = 0x21;
    public const int TopicAliasMaximumId = 0x22;
    public const int TopicAliasId = 0x23;
    public const int MaximumQosId = 0x24;
    public const int RetainAvailableId = 0x25;
    public const int MaximumPacketBytesId = 0x27;
    public const int WildcardsAvailableId = 0x28;
    public const int SharedAvailableId = 0x2A;

    public static byte[] SessionExpiryInterval(uint seconds) => new ByteWriter().Byte(SessionExpiryIntervalId).FourByte(seconds).ToArray();

    public static byte[] ReceiveMaximum(int count) => new ByteWriter().Byte(ReceiveMaximumId).TwoByte(count).ToArray();

    public static byte[] TopicAliasMaximum(int count) => new ByteWriter().Byte(TopicAliasMaximumId).TwoByte(count).ToArray();

    public static byte[] TopicAlias(int alias) => new ByteWriter().Byte(TopicAliasId).TwoByte(alias).ToArray();

    public static byte[] MaximumPacketBytes(uint bytes) => new ByteWriter().Byte(MaximumPacketBytesId).FourByte(bytes).ToArray();
}
