using Starling.Fuzz.Fuzzing;

namespace Starling.Fuzz;

/// <summary>A fixed number of inputs of each target, and every input that failed once. Without an end: see FuzzCommand.</summary>
public sealed class FuzzTests
{
    private const long FirstSeed = 20_260_101;

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    public static TheoryData<string> CorpusFiles => [.. Corpus.Files.Select(Path.GetFileName).OfType<string>()];

    [Theory, MemberData(nameof(Targets))]
    public void Random_inputs_break_nothing(string name)
    {
        IFuzzTarget target = FuzzTargets.Find(name) ?? throw new InvalidOperationException(name);
        for (long seed = FirstSeed; seed < FirstSeed + target.TestInputs; seed++)
        {
            Exception? failure = Fuzzer.Try(target, Fuzzer.Make(target, seed));
            Assert.True(failure is null, $"{name} with seed {seed}: {failure}\nTo shorten it: Starling.Fuzz --fuzz --target {name} --seed {seed}");
        }
    }

    [Theory, MemberData(nameof(CorpusFiles))]
    public void What_failed_once_fails_no_more(string file)
    {
        string path = Corpus.Files.Single(path => Path.GetFileName(path) == file);
        Assert.Null(Fuzzer.Try(Corpus.TargetOf(path), File.ReadAllBytes(path)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_input() =>
        Assert.All(FuzzTargets.All, target => Assert.Equal(Fuzzer.Make(target, 7), Fuzzer.Make(target, 7)));

    [Fact]
    public void A_failing_input_is_written_shortened_and_named_by_target_and_seed()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            FailingTarget target = new();
            byte[] input = [1, 2, 3, 42, 5, 6];
            Exception failure = Fuzzer.Try(target, input) ?? throw new InvalidOperationException("It did not fail.");
            byte[] shortest = Fuzzer.Minimize(target, input, failure);
            Assert.Equal([42], shortest);
            string file = Corpus.Write(folder, target, 12, shortest);
            Assert.Equal("failing-12.bin", Path.GetFileName(file));
            Assert.Equal([42], File.ReadAllBytes(file));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(0, "--target", "shard", "--seed", "5", "--minutes", "0.0001")]
    [InlineData(64, "--target", "nothing")]
    [InlineData(64, "--seed")]
    [InlineData(64, "--what")]
    public void The_command_says_how_it_is_used(int exitCode, params string[] args) =>
        Assert.Equal(exitCode, FuzzCommand.Run(args, TextWriter.Null));

    private sealed class FailingTarget : IFuzzTarget
    {
        public string Name => "failing";

        public int TestInputs => 0;

        public byte[] Make(Random random) => [];

        public void Run(byte[] input) => FuzzFailureException.Require(!input.Contains((byte)42), "42 came");
    }
}
