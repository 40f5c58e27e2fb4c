using System.Buffers.Binary;
using Starling.Protocol;

namespace Starling.Storage.Records;

/// <summary>One receiver of a message, as its record has it.</summary>
internal ref struct ReferenceView
{
    public ulong Session { get; set; }

    public ulong Sequence { get; set; }

    public QualityOfService Qos { get; set; }

    public bool Retain { get; set; }

    public bool IsOnline { get; set; }

    public bool IsShared { get; set; }

    /// <summary>The Subscription Identifiers, four bytes each.</summary>
    public ReadOnlySpan<byte> Identifiers { get; set; }

    /// <summary>The filter with $share/NAME/; empty when it was not shared.</summary>
    public ReadOnlySpan<byte> SharedFilter { get; set; }

    /// <summary>All of its bytes in the record.</summary>
    public ReadOnlySpan<byte> Encoded { get; set; }

    public readonly int IdentifierCount => Identifiers.Length / 4;

    public readonly uint IdentifierAt(int index) => BinaryPrimitives.ReadUInt32LittleEndian(Identifiers[(4 * index)..]);

    public readonly uint[] CopyIdentifiers()
    {
        uint[] copy = new uint[IdentifierCount];
        for (int i = 0; i < copy.Length; i++)
        {
            copy[i] = IdentifierAt(i);
        }

        return copy;
    }
}
