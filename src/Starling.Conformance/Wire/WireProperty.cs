using System.Buffers.Binary;
using System.Text;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Wire;

/// <summary>A property that was received.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Value">Its value in wire form: what stands behind the identifier.</param>
internal sealed record WireProperty(PropertyId Id, byte[] Value)
{
    /// <summary>The value of a number of any width.</summary>
    public long Number => WirePropertyTable.KindOf(Id) switch
    {
        WirePropertyKind.Byte => Value[0],
        WirePropertyKind.TwoByte => BinaryPrimitives.ReadUInt16BigEndian(Value),
        WirePropertyKind.FourByte => BinaryPrimitives.ReadUInt32BigEndian(Value),
        WirePropertyKind.VariableByte => ReadVariableByte(Value),
        _ => throw new InvalidOperationException($"{Id} is not a number."),
    };

    /// <summary>The value of a text; of a pair it is <c>name=value</c>.</summary>
    public string Text => Id == PropertyId.UserProperty
        ? Encoding.UTF8.GetString(FieldAt(0)) + "=" + Encoding.UTF8.GetString(FieldAt(2 + FieldAt(0).Length))
        : Encoding.UTF8.GetString(FieldAt(0));

    /// <summary>The value of binary data or a text, without its length.</summary>
    public byte[] Data => FieldAt(0).ToArray();

    public override string ToString() => $"{Id} {Convert.ToHexString(Value)}";

    private static long ReadVariableByte(ReadOnlySpan<byte> value)
    {
        long number = 0;
        for (int i = 0; i < value.Length; i++)
        {
            number |= (long)(value[i] & 127) << (7 * i);
        }

        return number;
    }

    private ReadOnlySpan<byte> FieldAt(int position) => Value.AsSpan(position + 2, BinaryPrimitives.ReadUInt16BigEndian(Value.AsSpan(position)));
}
