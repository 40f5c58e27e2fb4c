namespace Starling.Fuzz.Fuzzing;

/// <summary>What is fuzzed: a run is a function of its input alone, so that an input that fails once fails every time.</summary>
internal interface IFuzzTarget
{
    /// <summary>Its name on the command line and in the names of corpus files: lower-case words with hyphens.</summary>
    string Name { get; }

    /// <summary>How many inputs the tests try; together they take about a second.</summary>
    int TestInputs { get; }

    /// <summary>Makes an input.</summary>
    byte[] Make(Random random);

    /// <summary>Runs it. Any exception is a failure.</summary>
    void Run(byte[] input);
}
