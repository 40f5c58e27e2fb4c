using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Storing;

/// <summary>One run of the built tool, from its start to its end.</summary>
internal sealed record ToolRun(int Code, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    public static async Task<ToolRun> RunAsync(params string[] arguments)
    {
        await using ChildProcess process = BrokerProcess.Run(arguments);
        int code = await process.WaitForExitAsync(Patience.Long);
        return new ToolRun(code, process.Output.Snapshot(), process.Errors.Snapshot());
    }

    /// <summary>The same, for a run that must end well.</summary>
    public static async Task<ToolRun> SucceedAsync(params string[] arguments)
    {
        ToolRun run = await RunAsync(arguments);
        Assert.True(run.Code == 0, $"starling {string.Join(' ', arguments)} ended with {run.Code}:\n{run}");
        return run;
    }

    public override string ToString() => string.Join('\n', Output.Concat(Errors));
}
