using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Starling.Micro;

/// <summary>How the benchmarks are run: inside this process, so that nothing is restored or built when they are, with the allocated bytes.</summary>
internal sealed class MicroConfig : ManualConfig
{
    // Of one benchmark; the usual five minutes are little for a million filters on a machine that has other things to do.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public MicroConfig()
    {
        // Collecting a million subscriptions before each iteration would take longer than all that is measured.
        AddJob(Job.ShortRun.WithGcForce(false).WithWarmupCount(5).WithIterationCount(7).WithToolchain(new InProcessEmitToolchain(Patience, logOutput: true)));
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
    }
}
