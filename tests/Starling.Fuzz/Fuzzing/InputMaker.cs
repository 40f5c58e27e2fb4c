using System.Buffers.Binary;

namespace Starling.Fuzz.Fuzzing;

/// <summary>Makes inputs: noise for choices, and packets with faults for streams.</summary>
internal static class InputMaker
{
    private static readonly byte[] Telling = [0x00, 0x01, 0x02, 0x04, 0x7F, 0x80, 0x81, 0xC0, 0xED, 0xFE, 0xFF];

    /// <summary>Bytes for a target that reads choices.</summary>
    public static byte[] Choices(Random random, int lengthMax)
    {
        byte[] bytes = new byte[random.Next(lengthMax + 1)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>So many bytes of choices, then packets, most of them with a fault or two, between some noise.</summary>
    public static byte[] Stream(Random random, int choiceBytes, IReadOnlyList<byte[]> packets)
    {
        byte[] choices = new byte[choiceBytes];
        random.NextBytes(choices);
        List<byte> stream = [.. choices];
        for (int count = random.Next(1, 12); count > 0; count--)
        {
            stream.AddRange(random.Next(20) == 0 ? Choices(random, 30) : Changed(random, packets[random.Next(packets.Count)]));
        }

        return [.. stream];
    }

    private static byte[] Changed(Random random, byte[] packet)
    {
        List<byte> bytes = [.. packet];
        for (int changes = random.Next(4) == 0 ? 0 : random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            Change(random, bytes);
        }

        // Most faults are to be found behind the fixed header, so most lengths are made right again.
        if (bytes.Count is >= 2 and < 130 && random.Next(4) != 0)
        {
            bytes[1] = (byte)(bytes.Count - 2);
        }

        return [.. bytes];
    }

    private static void Change(Random random, List<byte> bytes)
    {
        int place = random.Next(bytes.Count);
        switch (random.Next(7))
        {
            case 0:
                bytes[place] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[place] = Telling[random.Next(Telling.Length)];
                break;
            case 2:
                bytes[place] = (byte)random.Next(256);
                break;
            case 3:
                bytes.RemoveRange(place, Math.Min(random.Next(1, 4), bytes.Count - place));
                break;
            case 4:
                bytes.Insert(place, (byte)random.Next(256));
                break;
            case 5:
                bytes.InsertRange(place, bytes.GetRange(place, Math.Min(random.Next(1, 20), bytes.Count - place)));
                break;
            default:
                PutLength(random, bytes, place);
                break;
        }
    }

    // A length that is nearly right, or far too large.
    private static void PutLength(Random random, List<byte> bytes, int place)
    {
        if (place + 2 > bytes.Count)
        {
            return;
        }

        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(random.Next(3) == 0 ? 0xFFFF : Math.Max(0, bytes.Count - place - 2 + random.Next(-1, 2))));
        bytes[place] = length[0];
        bytes[place + 1] = length[1];
    }
}
