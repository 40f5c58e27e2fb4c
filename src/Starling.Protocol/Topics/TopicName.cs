using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Starling.Protocol.Topics;

/// <summary>The rules for Topic Names, given as UTF-8 that has been checked already.</summary>
public static class TopicName
{
    // One bit tells + and # apart.
    private const sbyte WildcardsDifferBy = '+' ^ '#';

    /// <summary>
    /// Whether the name has 1 to 65535 bytes [MQTT-4.7.3-1] [MQTT-4.7.3-3] [MQTT311-4.7.3-1] [MQTT311-4.7.3-3] and no wildcards
    /// [MQTT-4.7.0-1] [MQTT311-4.7.1-1].
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= ushort.MaxValue && !HasWildcards(name);

    /// <summary>The number of levels; empty ones count, so "/a" has two.</summary>
    public static int CountLevels(ReadOnlySpan<byte> name) => name.Count((byte)'/') + 1;

    internal static bool HasWildcards(ReadOnlySpan<byte> text) => text.IndexOfAny((byte)'+', (byte)'#') >= 0;

    /// <summary>
    /// Whether the bytes are ASCII without U+0000 and without wildcards, found in one pass: what nearly all received names are. False
    /// says nothing.
    /// </summary>
    internal static bool IsPlain(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<sbyte> signed = MemoryMarshal.Cast<byte, sbyte>(bytes);
        if (signed.Length < Vector128<sbyte>.Count)
        {
            foreach (sbyte one in signed)
            {
                if (one <= 0 || (one | WildcardsDifferBy) == '+')
                {
                    return false;
                }
            }

            return true;
        }

        int last = signed.Length - Vector128<sbyte>.Count;
        for (int i = 0; i < last; i += Vector128<sbyte>.Count)
        {
            if (!IsPlain(Vector128.Create(signed[i..])))
            {
                return false;
            }
        }

        return IsPlain(Vector128.Create(signed[last..]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlain(Vector128<sbyte> block) =>
        Vector128.GreaterThanAll(block, Vector128<sbyte>.Zero)
        && !Vector128.EqualsAny(block | Vector128.Create(WildcardsDifferBy), Vector128.Create((sbyte)'+'));
}
