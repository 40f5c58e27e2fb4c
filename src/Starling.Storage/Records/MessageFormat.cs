namespace Starling.Storage.Records;

/// <summary>
/// The content of a message record behind its header, whose identifier is the publisher's session: these flags, then what they
/// announce in the order of the bits, the references, topic (the key), properties and payload.
/// </summary>
internal static class MessageFormat
{
    public const ushort QosMask = 0x0003;
    public const ushort Retain = 0x0004;
    public const ushort Will = 0x0008;

    /// <summary>Four bytes.</summary>
    public const ushort Epoch = 0x0010;

    /// <summary>Two bytes.</summary>
    public const ushort PacketIdentifier = 0x0020;

    /// <summary>Revision and floor, eight bytes each.</summary>
    public const ushort Revision = 0x0040;

    /// <summary>Eight bytes.</summary>
    public const ushort Expiry = 0x0080;

    /// <summary>Session, first and last sequence, eight bytes each.</summary>
    public const ushort TakenFrom = 0x0100;

    /// <summary>The length of the properties, four bytes.</summary>
    public const ushort Properties = 0x0200;

    public const ushort Known = 0x03FF;
}
