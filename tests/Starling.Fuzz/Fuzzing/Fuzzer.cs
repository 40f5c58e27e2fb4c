namespace Starling.Fuzz.Fuzzing;

/// <summary>Makes inputs and runs them.</summary>
internal static class Fuzzer
{
    /// <summary>The input that a seed stands for.</summary>
    public static byte[] Make(IFuzzTarget target, long seed) => target.Make(new Random(unchecked((int)(seed ^ (seed >> 32)))));

    /// <summary>Runs one input: null, or how it failed.</summary>
    public static Exception? Try(IFuzzTarget target, byte[] input)
    {
        try
        {
            target.Run(input);
            return null;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return fault;
        }
    }

    /// <summary>
    /// A shorter input that fails in the same way: leaves out pieces, large ones first, then puts zeros, as long as that helps.
    /// </summary>
    public static byte[] Minimize(IFuzzTarget target, byte[] input, Exception failure)
    {
        bool StillFails(byte[] candidate) => Try(target, candidate) is { } other && IsSame(failure, other);

        byte[] best = input;
        for (int piece = Math.Max(1, best.Length / 2); piece >= 1; piece /= 2)
        {
            for (int start = 0; start < best.Length;)
            {
                byte[] shorter = [.. best[..start], .. best[Math.Min(best.Length, start + piece)..]];
                if (StillFails(shorter))
                {
                    best = shorter;
                }
                else
                {
                    start += piece;
                }
            }
        }

        for (int i = 0; i < best.Length; i++)
        {
            byte[] plainer = [.. best];
            plainer[i] = 0;
            if (best[i] != 0 && StillFails(plainer))
            {
                best = plainer;
            }
        }

        return best;
    }

    private static bool IsSame(Exception one, Exception other) =>
        one.GetType() == other.GetType() && Shape(one.Message) == Shape(other.Message);

    // Numbers differ from input to input.
    private static string Shape(string message) => string.Concat(message.Where(character => !char.IsAsciiDigit(character)).Take(40));
}
