namespace Starling.Protocol.Packets;

/// <summary>How the value of a property is coded.</summary>
internal enum PropertyKind : byte
{
    /// <summary>There is no such property.</summary>
    None,
    Byte,
    TwoByteInteger,
    FourByteInteger,
    VariableByteInteger,
    Text,
    Binary,
    TextPair,
}
