using System.Globalization;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Processes;
using Starling.EndToEnd.Tests.Storing;

namespace Starling.EndToEnd.Tests.Tools;

/// <summary>The built tool with contexts in a home of its own, and bash with the completion that the tool prints.</summary>
public sealed class ContextTests(DefaultBroker broker) : IClassFixture<DefaultBroker>, IDisposable
{
    private readonly DataFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Context_leads_to_the_broker_by_flag_by_variable_and_by_choice()
    {
        string port = broker.Port.ToString(CultureInfo.InvariantCulture);
        await RunAsync([], "context", "add", "here", "-h", "127.0.0.1", "-p", port);

        ToolRun named = await RunAsync([], "health", "--context", "here");
        ToolRun ambient = await RunAsync(["STARLING_CONTEXT=here"], "health");
        await RunAsync([], "context", "use", "here");
        ToolRun chosen = await RunAsync([], "health");
        ToolRun url = await RunAsync([$"STARLING_URL=mqtt://127.0.0.1:{port}", "STARLING_CONTEXT=missing"], "health");

        Assert.Equal((0, 0, 0, 3), (named.Code, ambient.Code, chosen.Code, url.Code));
        Assert.All(new[] { named, ambient, chosen }, run => Assert.StartsWith($"127.0.0.1:{port} is ready", Assert.Single(run.Output), StringComparison.Ordinal));
        Assert.StartsWith("starling: STARLING_CONTEXT: there is no context missing;", Assert.Single(url.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bash_completes_the_contexts_that_there_are()
    {
        await RunAsync([], "context", "add", "home", "-h", "127.0.0.1");
        await RunAsync([], "context", "add", "test", "-h", "127.0.0.1");
        string script = $$"""
            source <('{{BrokerProcess.StarlingProgram()}}' completion bash)
            COMP_WORDS=('{{BrokerProcess.StarlingProgram()}}' pub --context ''); COMP_CWORD=3; _starling; printf '%s\n' "${COMPREPLY[@]}"
            """;

        await using ChildProcess bash = ChildProcess.Start("/usr/bin/env", [$"XDG_CONFIG_HOME={_home.At("config")}", Tool.Require("bash", "bash"), "--norc", "-c", script]);

        Assert.Equal(0, await bash.WaitForExitAsync(Patience.Long));
        Assert.Equal(["home", "test"], bash.Output.Snapshot());
    }

    private async Task<ToolRun> RunAsync(string[] variables, params string[] arguments)
    {
        await using ChildProcess process = ChildProcess.Start(
            "/usr/bin/env", [$"XDG_CONFIG_HOME={_home.At("config")}", .. variables, BrokerProcess.StarlingProgram(), .. arguments]);
        int code = await process.WaitForExitAsync(Patience.Long);
        return new ToolRun(code, process.Output.Snapshot(), process.Errors.Snapshot());
    }
}
