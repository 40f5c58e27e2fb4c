using System.Diagnostics;

namespace Starling.Fuzz.Fuzzing;

/// <summary>Fuzzes without an end: input after input, each from the next seed, until something fails or time is over.</summary>
internal static class FuzzCommand
{
    private const int Failed = 1;
    private const int WrongUse = 64;
    private static readonly TimeSpan Report = TimeSpan.FromSeconds(10);

    /// <returns>0: nothing failed; 1: something did, and is in the corpus; 64: wrong use.</returns>
    public static int Run(ReadOnlySpan<string> args, TextWriter output)
    {
        long seed = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        double minutes = double.PositiveInfinity;
        string corpus = nameof(Corpus);
        List<IFuzzTarget> targets = [];
        for (int i = 0; i < args.Length; i++)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            bool isRead = args[i] switch
            {
                "--seed" => long.TryParse(value, out seed),
                "--minutes" => double.TryParse(value, out minutes) && minutes > 0,
                "--corpus" => (corpus = value).Length > 0,
                "--target" => FuzzTargets.Find(value) is { } target && Add(targets, target),
                _ => false,
            };
            if (!isRead)
            {
                output.WriteLine($"usage: Starling.Fuzz --fuzz [--target NAME]... [--seed N] [--minutes M] [--corpus FOLDER]; targets: {FuzzTargets.Names}");
                return WrongUse;
            }

            i++;
        }

        return Loop(targets.Count > 0 ? targets : FuzzTargets.All, seed, TimeSpan.FromMinutes(Math.Min(minutes, 1e9)), (corpus, output));
    }

    private static int Loop(IReadOnlyList<IFuzzTarget> targets, long seed, TimeSpan limit, (string Corpus, TextWriter Output) places)
    {
        long begun = Stopwatch.GetTimestamp();
        TimeSpan reported = TimeSpan.Zero;
        places.Output.WriteLine($"fuzzing {string.Join(", ", targets.Select(target => target.Name))} from seed {seed}; Ctrl+C ends it");
        for (long inputs = 0; ; seed++)
        {
            foreach (IFuzzTarget target in targets)
            {
                byte[] input = Fuzzer.Make(target, seed);
                inputs++;
                if (Fuzzer.Try(target, input) is { } failure)
                {
                    byte[] shortest = Fuzzer.Minimize(target, input, failure);
                    string file = Corpus.Write(places.Corpus, target, seed, shortest);
                    places.Output.WriteLine($"{target.Name} failed with seed {seed}: {failure}");
                    places.Output.WriteLine($"{input.Length} bytes, {shortest.Length} when shortened: {file}");
                    return Failed;
                }
            }

            TimeSpan elapsed = Stopwatch.GetElapsedTime(begun);
            if (elapsed >= limit || elapsed - reported >= Report)
            {
                reported = elapsed;
                places.Output.WriteLine($"{inputs} inputs in {elapsed.TotalSeconds:0} s, next seed {seed + 1}");
            }

            if (elapsed >= limit)
            {
                return 0;
            }
        }
    }

    private static bool Add(List<IFuzzTarget> targets, IFuzzTarget target)
    {
        targets.Add(target);
        return true;
    }
}
