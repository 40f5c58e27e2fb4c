using System.Buffers.Binary;
using System.IO.Hashing;

namespace Starling.Broker.Routing;

/// <summary>One level of a topic, prepared for the look-ups of one tree: hashed once, found in many tables.</summary>
internal readonly ref struct LevelKey
{
    /// <summary>How many bytes <see cref="Head"/> holds.</summary>
    public const int HeadBytes = 8;

    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    /// <param name="level">The bytes between two slashes; may be empty.</param>
    /// <param name="seed">The tree's own, so that nobody outside can choose levels that collide.</param>
    public LevelKey(ReadOnlySpan<byte> level, ulong seed)
    {
        Level = level;
        Head = ReadHead(level);
        Hash = level.Length <= HeadBytes ? Mix(Head ^ seed, (uint)level.Length) : Fold(XxHash3.HashToUInt64(level, (long)seed));
    }

    public ReadOnlySpan<byte> Level { get; }

    /// <summary>The first eight bytes; together with the length the whole of a shorter level. The lowest byte is the first one.</summary>
    public ulong Head { get; }

    public uint Hash { get; }

    private static ulong ReadHead(ReadOnlySpan<byte> level)
    {
        if (level.Length >= HeadBytes)
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(level);
        }

        if (level.Length >= 4)
        {
            // The two halves overlap; with the length known they still tell every byte.
            ulong last = BinaryPrimitives.ReadUInt32LittleEndian(level[^4..]);
            return BinaryPrimitives.ReadUInt32LittleEndian(level) | (last << 32);
        }

        if (level.Length > 0)
        {
            return level[0] | ((ulong)level[level.Length / 2] << 8) | ((ulong)level[^1] << 16);
        }

        return 0;
    }

    private static uint Mix(ulong head, uint lengthBytes)
    {
        ulong high = Math.BigMul(head + lengthBytes, Multiplier, out ulong low);
        return Fold((high ^ low) * Multiplier);
    }

    private static uint Fold(ulong hash) => (uint)(hash ^ (hash >> 32));
}
