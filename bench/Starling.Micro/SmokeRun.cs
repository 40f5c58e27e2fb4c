using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Starling.Micro;

/// <summary>Runs every benchmark once on small data, so that none can rot. It measures nothing.</summary>
internal static class SmokeRun
{
    private const string Switch = "Starling.Micro.Smoke";

    /// <summary>Whether data is to be small.</summary>
    public static bool IsOn => AppContext.TryGetSwitch(Switch, out bool on) && on;

    /// <summary>Prints how many have run; the exit code is 0 when all have.</summary>
    public static int Run()
    {
        AppContext.SetSwitch(Switch, true);
        AccumulationLogger log = new();
        ManualConfig config = ManualConfig.CreateEmpty()
            .AddJob(Job.Dry.WithToolchain(InProcessEmitToolchain.Instance))
            .AddLogger(log);
        string folder = Directory.CreateTempSubdirectory("starling-micro-").FullName;
        try
        {
            BenchmarkRunInfo[] all = [.. Types().Select(type => BenchmarkConverter.TypeToBenchmarks(type, config.WithArtifactsPath(folder)))];
            int wanted = all.Sum(info => info.BenchmarksCases.Length);
            BenchmarkReport[] reports = [.. BenchmarkRunner.Run(all).SelectMany(summary => summary.Reports)];
            int ran = reports.Count(report => report.Success && report.AllMeasurements.Count > 0);
            if (ran != wanted)
            {
                Console.Error.WriteLine(log.GetLog());
            }

            Console.WriteLine($"{ran} of {wanted} benchmarks have run");
            return ran == wanted && wanted > 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<Type> Types() =>
        typeof(SmokeRun).Assembly.GetTypes().Where(type => type.Name.EndsWith("Benchmarks", StringComparison.Ordinal));
}
