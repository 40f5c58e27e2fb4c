using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace Starling.Protocol.Topics;

/// <summary>The rules for text on the wire.</summary>
public static class Utf8String
{
    /// <summary>
    /// Whether the bytes may stand in a UTF-8 field: well formed without surrogates [MQTT-1.5.4-1] [MQTT311-1.5.3-1], and without
    /// U+0000 [MQTT-1.5.4-2] [MQTT311-1.5.3-2]. U+FEFF is a character like any other [MQTT-1.5.4-3] [MQTT311-1.5.3-3].
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes) =>
        IsAsciiWithoutNull(bytes) || (!bytes.Contains((byte)0) && Utf8.IsValid(bytes));

    // Nearly all topics are ASCII. As signed numbers both U+0000 and everything above ASCII are not positive, so one comparison of
    // each block answers both questions; the last block overlaps the one before it.
    private static bool IsAsciiWithoutNull(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<sbyte> signed = MemoryMarshal.Cast<byte, sbyte>(bytes);
        if (signed.Length < Vector128<sbyte>.Count)
        {
            foreach (sbyte one in signed)
            {
                if (one <= 0)
                {
                    return false;
                }
            }

            return true;
        }

        int last = signed.Length - Vector128<sbyte>.Count;
        for (int i = 0; i < last; i += Vector128<sbyte>.Count)
        {
            if (!Vector128.GreaterThanAll(Vector128.Create(signed[i..]), Vector128<sbyte>.Zero))
            {
                return false;
            }
        }

        return Vector128.GreaterThanAll(Vector128.Create(signed[last..]), Vector128<sbyte>.Zero);
    }
}
