using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Conformance.Targets;
using Starling.Conformance.Tests.Peers;

namespace Starling.Conformance.Tests.Suite;

/// <summary>
/// The suite against Debian's mosquitto 2.0.11, as a check of the suite itself: what fails there is written down with what the broker
/// does, and nothing else may fail.
/// </summary>
[Collection("over TCP, one after the other")]
public sealed class MosquittoTests
{
    public const string Peer = "mosquitto-2.0.11";

    private const string UpdateVariable = "STARLING_UPDATE_CONFORMANCE";

    [Fact]
    public async Task Mosquitto_fails_what_is_written_down_and_nothing_else()
    {
        await using MosquittoProcess mosquitto = await MosquittoProcess.StartAsync();
        TcpTarget target = new("127.0.0.1", mosquitto.Port, TimeProvider.System);
        SuiteResult overTcp = await new SuiteRunner(target, new SuiteOptions()).RunAsync(TestContext.Current.CancellationToken);
        Assert.Null(overTcp.Abort);
        Assert.True(overTcp.Duration < TimeSpan.FromSeconds(60), $"The whole suite took {overTcp.Duration}.");

        WebSocketTarget webSocket = new("127.0.0.1", mosquitto.WebSocketPort, "/mqtt", TimeProvider.System);
        SuiteOptions chapter6 = new() { IsWanted = statement => statement.IsIn("6") };
        SuiteResult overWebSocket = await new SuiteRunner(webSocket, chapter6).RunAsync(TestContext.Current.CancellationToken);
        Assert.Null(overWebSocket.Abort);

        IReadOnlyList<StatementResult> all = SuiteResult.Judge(StatementTable.All, [.. overTcp.Cases, .. overWebSocket.Cases]);
        if (Environment.GetEnvironmentVariable(UpdateVariable) is not null)
        {
            await File.WriteAllTextAsync(PeerVerdicts.FilePath(Peer), PeerVerdicts.Read(Peer).Write(all));
        }

        Assert.Empty(PeerVerdicts.Read(Peer).Differences(all));
    }

    [Fact]
    public void Every_failure_of_mosquitto_is_explained()
    {
        PeerVerdicts verdicts = PeerVerdicts.Read(Peer);
        Assert.Empty(verdicts.Unexplained);
    }
}
