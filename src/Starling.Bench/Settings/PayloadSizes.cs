using System.Globalization;
using Starling.Bench.Checking;

namespace Starling.Bench.Settings;

/// <summary>How large payloads are: one size, some sizes in turn, or a range from which each is drawn.</summary>
internal sealed class PayloadSizes
{
    /// <summary>The largest payload: that of the largest packet that the tools take.</summary>
    public const int LargestBytes = 256 << 20;

    private const int StepsOfRange = 64;
    private readonly int[] _sizes;
    private readonly bool _isDrawn;

    private PayloadSizes(int[] sizes, bool isDrawn, string text)
    {
        _sizes = sizes;
        _isDrawn = isDrawn;
        Text = text;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>How many different sizes there are.</summary>
    public int Count => _sizes.Length;

    public int Largest => _sizes.Max();

    public int this[int index] => _sizes[index];

    public static PayloadSizes Of(int bytes) => new([bytes], isDrawn: false, bytes.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads <c>64</c>, <c>64,1024,16384</c> or <c>64-1024</c>.</summary>
    public static bool TryParse(string text, out PayloadSizes sizes)
    {
        string[] ends = text.Split('-');
        string[] parts = ends.Length == 2 ? ends : text.Split(',');
        int[] numbers = new int[parts.Length];
        sizes = Of(MessageHeader.Bytes);
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])
                || numbers[i] < MessageHeader.Bytes || numbers[i] > LargestBytes)
            {
                return false;
            }
        }

        if (ends.Length == 2 && numbers[0] > numbers[1])
        {
            return false;
        }

        sizes = new PayloadSizes(ends.Length == 2 ? Spread(numbers[0], numbers[1]) : numbers, ends.Length == 2, text);
        return true;
    }

    /// <summary>Which size the message with this number has.</summary>
    public int IndexFor(long sequence, Random random) => _sizes switch
    {
        [_] => 0,
        _ when _isDrawn => random.Next(_sizes.Length),
        _ => (int)(sequence % _sizes.Length),
    };

    // A range is a number of sizes at even distances, so that buffers can be made once for each.
    private static int[] Spread(int smallest, int largest)
    {
        int steps = Math.Min(StepsOfRange, largest - smallest + 1);
        int[] sizes = new int[steps];
        for (int i = 0; i < steps; i++)
        {
            sizes[i] = steps == 1 ? smallest : smallest + (int)((long)(largest - smallest) * i / (steps - 1));
        }

        return sizes;
    }
}
