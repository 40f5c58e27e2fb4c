namespace Starling.Conformance.Wire;

/// <summary>How the value of a property is written.</summary>
internal enum WirePropertyKind
{
    Byte,
    TwoByte,
    FourByte,
    VariableByte,
    Text,
    Binary,
    TextPair,
}
