using System.CommandLine;
using System.Globalization;
using Starling.Bench.Reports;
using Starling.Bench.Settings;
using Starling.Cli.Flags;

namespace Starling.Cli.Commands;

/// <summary>The flags that say what becomes of the results of <c>bench</c>.</summary>
internal sealed class BenchFileFlags
{
    private static readonly (string Word, bool Value)[] Outputs = [("text", false), ("json", true)];

    private readonly Option<string> _json = FlagKinds.Value("--json", "FILE", "Write everything as JSON.");
    private readonly Option<string> _csv = FlagKinds.Value("--csv", "FILE", "Write one line a second as CSV.");
    private readonly Option<string> _hist = FlagKinds.Value("--hist", "FILE", "Write the percentiles of the times as .hgrm, in milliseconds.");
    private readonly Option<string> _compare = FlagKinds.Value("--compare", "FILE", "Compare with the JSON of an earlier run; worse figures are exit code 2.");
    private readonly Option<string> _tolerance = FlagKinds.Value("--tolerance", "PERCENT", "By so much a compared figure may be worse. Default 10.");
    private readonly Option<string> _output = FlagKinds.Value("--output", "text|json", "What is printed. Default text.");

    public void AddTo(Command command)
    {
        foreach (Option flag in (ReadOnlySpan<Option>)[_json, _csv, _hist, _compare, _tolerance, _output])
        {
            command.Add(flag);
        }
    }

    /// <summary>What the flags say; what is wrong is kept in <paramref name="flags"/>.</summary>
    public BenchFiles Read(FlagReader flags, BenchScenario scenario)
    {
        if (flags.Has(_tolerance) && !flags.Has(_compare))
        {
            flags.Refuse("--tolerance needs --compare FILE.");
        }

        return new BenchFiles
        {
            Json = ReadFile(flags, _json),
            Csv = ReadFile(flags, _csv),
            Histogram = ReadFile(flags, _hist),
            Earlier = ReadEarlier(flags, scenario),
            TolerancePercent = ReadTolerance(flags),
            PrintsJson = flags.Choice(_output, Outputs, false),
        };
    }

    private static string? ReadFile(FlagReader flags, Option<string> flag)
    {
        string? path = flags.Text(flag);
        if (path is not null && ReportFile.FindObstacle(path) is string obstacle)
        {
            flags.Refuse($"{flag.Name} {path} cannot be written: {obstacle}");
        }

        return path;
    }

    private BenchDocument? ReadEarlier(FlagReader flags, BenchScenario scenario)
    {
        if (flags.Text(_compare) is not string path)
        {
            return null;
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            BenchDocument earlier = BenchJson.Read(file);
            if (earlier.Scenario != ScenarioNames.Of(scenario))
            {
                flags.Refuse($"--compare {path} is of bench {earlier.Scenario}, which has other figures than bench {ScenarioNames.Of(scenario)}.");
            }

            return earlier;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            flags.Refuse($"--compare {path} cannot be read: {e.Message}");
            return null;
        }
    }

    private double ReadTolerance(FlagReader flags)
    {
        const double Usual = 10;
        if (flags.Text(_tolerance) is not string text)
        {
            return Usual;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) && percent is >= 0 and <= 1000)
        {
            return percent;
        }

        flags.Refuse($"--tolerance {text} is not allowed: percent from 0 to 1000. For example --tolerance 10.");
        return Usual;
    }
}
