using System.Numerics;

namespace Starling.Storage.State;

/// <summary>
/// The size of a message in 16 bits, for the queue limits after a restart: exact below 2 KiB, above rounded up to 11 significant bits.
/// </summary>
internal static class SizeCode
{
    private const int MantissaBits = 11;
    private const int ExactBelow = 1 << MantissaBits;

    public static ushort Encode(int bytes)
    {
        if (bytes < ExactBelow)
        {
            return (ushort)bytes;
        }

        int shift = 32 - BitOperations.LeadingZeroCount((uint)bytes) - MantissaBits;
        uint mantissa = (uint)((bytes + (1L << shift) - 1) >> shift);
        if (mantissa == ExactBelow)
        {
            mantissa >>= 1;
            shift++;
        }

        return (ushort)((shift << MantissaBits) | (int)(mantissa & (ExactBelow - 1)));
    }

    public static int Decode(ushort code)
    {
        long bytes = (long)(code & (ExactBelow - 1)) << (code >> MantissaBits);
        return (int)Math.Min(bytes, int.MaxValue);
    }
}
