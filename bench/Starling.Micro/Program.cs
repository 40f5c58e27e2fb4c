using BenchmarkDotNet.Running;
using Starling.Micro;

// --smoke runs every benchmark once, on small data, and fails when one does; everything else is BenchmarkDotNet's own.
if (args is ["--smoke"])
{
    return SmokeRun.Run();
}

if (args.Contains("--smoke"))
{
    await Console.Error.WriteLineAsync("--smoke stands alone; to choose benchmarks leave it out, for example --filter '*Matching*'");
    return 2;
}

BenchmarkSwitcher.FromAssembly(typeof(SmokeRun).Assembly).Run(args, new MicroConfig());
return 0;
