using System.Runtime.CompilerServices;

namespace Starling.Protocol.Packets;

/// <summary>A checked property block, with the place of each property that it holds.</summary>
internal ref struct PropertyValues
{
    private ulong _present;
    private Positions _positions;
    private int _userPropertiesEnd;

    public ReadOnlySpan<byte> Block { get; private set; }

    /// <summary>
    /// From the first User Property to the end of the last one. Other properties may stand between them; the reader skips those.
    /// </summary>
    public readonly ReadOnlySpan<byte> UserProperties =>
        Has(PropertyId.UserProperty) ? Block[_positions[(int)PropertyId.UserProperty].._userPropertiesEnd] : default;

    public static bool TryRead(ReadOnlySpan<byte> block, ulong allowed, out PropertyValues values, out ProtocolViolation violation)
    {
        values = default;
        violation = default;
        values.Block = block;
        PropertyReader reader = new(block);
        int position = 0;
        while (reader.TryRead(out PropertyEntry entry))
        {
            bool isFirst = !values.Has(entry.Id);
            if (!PropertyRules.IsValid(entry, allowed, ref values._present, out violation))
            {
                return false;
            }

            int end = block.Length - reader.Rest.Length;
            if (isFirst)
            {
                values._positions[(int)entry.Id] = position;
            }

            if (entry.Id == PropertyId.UserProperty)
            {
                values._userPropertiesEnd = end;
            }

            position = end;
        }

        violation = reader.Violation;
        if (violation.IsNone && values.Has(PropertyId.AuthenticationData) && !values.Has(PropertyId.AuthenticationMethod))
        {
            // Data alone says nothing about how to read it [U5-13].
            violation = new(ReasonCode.ProtocolError, "U5-13");
        }

        return violation.IsNone;
    }

    public readonly bool Has(PropertyId id) => (_present & (1UL << (int)id)) != 0;

    public readonly uint? Number(PropertyId id) => Has(id) ? Entry(id).Number : null;

    public readonly bool? Flag(PropertyId id) => Has(id) ? Entry(id).Number != 0 : null;

    public readonly ReadOnlySpan<byte> Value(PropertyId id) => Has(id) ? Entry(id).Value : default;

    private readonly PropertyEntry Entry(PropertyId id)
    {
        PropertyReader reader = new(Block[_positions[(int)id]..]);
        reader.TryRead(out PropertyEntry entry);
        return entry;
    }

    [InlineArray(PropertyTable.Length)]
    private struct Positions
    {
        private int _first;
    }
}
