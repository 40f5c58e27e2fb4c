namespace Starling.Fuzz.Fuzzing;

/// <summary>Inputs that failed once, as files TARGET-SEED.bin; the tests run each of them.</summary>
internal static class Corpus
{
    private const string Extension = ".bin";

    /// <summary>The files beside the tests.</summary>
    public static IEnumerable<string> Files
    {
        get
        {
            string folder = Path.Combine(AppContext.BaseDirectory, nameof(Corpus));
            return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal) : [];
        }
    }

    /// <summary>The target that a file is for.</summary>
    public static IFuzzTarget TargetOf(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        return FuzzTargets.Find(name[..Math.Max(0, name.LastIndexOf('-'))])
            ?? throw new InvalidOperationException($"{file} is not named TARGET-SEED{Extension}, with one of: {FuzzTargets.Names}.");
    }

    /// <summary>Writes an input and returns where.</summary>
    public static string Write(string folder, IFuzzTarget target, long seed, byte[] input)
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{target.Name}-{seed}{Extension}");
        File.WriteAllBytes(file, input);
        return file;
    }
}
