using System.Globalization;
using Starling.Bench.Measuring;
using Starling.Bench.Settings;

namespace Starling.Bench.Results;

/// <summary>
/// Whether a run at a rate was the generator's measure instead of the server's: a generator that is out of breath sends late, and what
/// it then measures is itself. Runs without a rate have no such limit: there the generator is as fast as it can be.
/// </summary>
internal static class GeneratorCheck
{
    /// <summary>The most of its processor time that a loop may use.</summary>
    public const double LoopShareMax = 0.85;

    /// <summary>By so much late may the hundredth part of the messages be sent at most.</summary>
    public const long LatenessMax = 5 * BenchClock.PerMillisecond;

    /// <summary>So much of the rate must be reached, unless the server held the messages back.</summary>
    public const double RateShareMin = 0.99;

    private const double HeldShareMax = 0.01;

    /// <summary>What speaks against the run; nothing when it is good.</summary>
    public static IReadOnlyList<string> Find(BenchSettings settings, IReadOnlyList<Section> sections, LatencyHistogram? lateness)
    {
        List<string> reasons = [];
        if (!settings.IsOpenLoop || sections.FirstOrDefault(section => section.Name is not "hold" and not "delivery") is not { } section)
        {
            return reasons;
        }

        double busiest = section.LoopShares.DefaultIfEmpty().Max();
        if (busiest > LoopShareMax)
        {
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"a loop used {busiest:P0} of its processor, more than {LoopShareMax:P0}"));
        }

        long late = lateness?.ValueAt(0.99) ?? 0;
        if (late > LatenessMax)
        {
            reasons.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"1 % of the messages left {late / 1e6:0.0} ms late or later, more than {LatenessMax / BenchClock.PerMillisecond} ms"));
        }

        double rate = RateOf(settings, section);
        bool isHeld = section.Counts.HeldBack > HeldShareMax * section.Seconds * BenchClock.PerSecond;
        if (rate < RateShareMin * settings.Rate && !isHeld && settings.Scenario is not (BenchScenario.Conn or BenchScenario.Churn))
        {
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"only {rate:0} of {settings.Rate:0} messages a second were sent"));
        }

        return reasons;
    }

    // Until the last message left: what is waited for afterwards is no part of it.
    private static double RateOf(BenchSettings settings, Section section)
    {
        double seconds = settings.Messages == 0 && settings.Duration > TimeSpan.Zero 
            ? Math.Min(settings.Duration.TotalSeconds, section.Seconds)
            : section.SecondsOfSending;
        return seconds > 0 ? section.Counts.Sent / seconds : settings.Rate;
    }
}
