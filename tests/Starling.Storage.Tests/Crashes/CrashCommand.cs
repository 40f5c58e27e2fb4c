using System.Globalization;

namespace Starling.Storage.Tests.Crashes;

/// <summary>Crash rounds without the test runner: <c>--crash-rounds N --seed S</c>.</summary>
internal static class CrashCommand
{
    public static int Run(ReadOnlySpan<string> args, TextWriter output)
    {
        if (args is not [string rounds, "--seed", string seed]
            || !int.TryParse(rounds, CultureInfo.InvariantCulture, out int count)
            || !int.TryParse(seed, CultureInfo.InvariantCulture, out int start))
        {
            output.WriteLine("usage: --crash-rounds N --seed S");
            return 2;
        }

        string folder = Directory.CreateTempSubdirectory("starling-crash-").FullName;
        CrashRounds crashes = new(start, folder);
        try
        {
            crashes.Run(count);
        }
        catch (InvalidOperationException fault)
        {
            output.WriteLine($"{crashes.Counts}\n{fault.Message}\nthe directory is kept: {folder}");
            return 1;
        }

        Directory.Delete(folder, recursive: true);
        output.WriteLine(crashes.Counts);
        return 0;
    }
}
