using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Conformance.Targets;
using Starling.Conformance.Tests.Peers;
using Starling.Protocol;

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
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        List<CaseResult> cases = await RunPlainAsync(cancellation);

        // What the first run could not try is tried once more where the server is told to, or has less.
        HashSet<string> open = [.. SuiteResult.Judge(StatementTable.All, cases).Where(one => one.Verdict == Verdict.NotTested).Select(one => one.Statement.Id)];
        SuiteOptions rest = new() { Versions = [MqttVersion.V5, MqttVersion.V311], IsWanted = statement => open.Contains(statement.Id) };
        cases.AddRange(await RunAsync(await MosquittoProcess.StartPreparedAsync(), rest, cancellation));
        rest = rest with { Versions = [MqttVersion.V5] };
        cases.AddRange(await RunAsync(await MosquittoProcess.StartRestrictedAsync(0), rest, cancellation));
        cases.AddRange(await RunAsync(await MosquittoProcess.StartRestrictedAsync(1), rest, cancellation));

        IReadOnlyList<StatementResult> all = SuiteResult.Judge(StatementTable.All, cases);
        if (Environment.GetEnvironmentVariable(UpdateVariable) is not null)
        {
            await File.WriteAllTextAsync(PeerVerdicts.FilePath(Peer), PeerVerdicts.Read(Peer).Write(all), cancellation);
        }

        if (PeerVerdicts.Read(Peer).Differences(all).Any())
        {
            all = await JudgeTimedAgainAsync(all, cases, cancellation);
        }

        Assert.Empty(PeerVerdicts.Read(Peer).Differences(all));
    }

    private static async Task<IReadOnlyList<StatementResult>> JudgeTimedAgainAsync(
        IReadOnlyList<StatementResult> all, List<CaseResult> cases, CancellationToken cancellation)
    {
        PeerVerdicts verdicts = PeerVerdicts.Read(Peer);
        HashSet<string> different = [.. all.Where(one => one.Verdict != verdicts.VerdictOf(one.Statement.Id)).Select(one => one.Statement.Id)];
        await using MosquittoProcess mosquitto = await MosquittoProcess.StartAsync();
        TcpTarget target = new("127.0.0.1", mosquitto.Port, TimeProvider.System);
        return SuiteResult.Judge(
            StatementTable.All, [.. await TimedCases.RunAgainAsync(target, cases, statement => different.Contains(statement.Id), cancellation)]);
    }

    /// <summary>As Debian's package has it, but for the listeners; chapter 6 over WebSocket.</summary>
    private static async Task<List<CaseResult>> RunPlainAsync(CancellationToken cancellation)
    {
        await using MosquittoProcess mosquitto = await MosquittoProcess.StartAsync();
        TcpTarget target = new("127.0.0.1", mosquitto.Port, TimeProvider.System);
        SuiteResult overTcp = await new SuiteRunner(target, new SuiteOptions()).RunAsync(cancellation);
        Assert.Null(overTcp.Abort);
        SuiteAssert.EndsInTime(overTcp);

        WebSocketTarget webSocket = new("127.0.0.1", mosquitto.WebSocketPort, "/mqtt", TimeProvider.System);
        SuiteOptions chapter6 = new() { IsWanted = statement => statement.IsIn("6") };
        SuiteResult overWebSocket = await new SuiteRunner(webSocket, chapter6).RunAsync(cancellation);
        Assert.Null(overWebSocket.Abort);
        return [.. overTcp.Cases, .. overWebSocket.Cases];
    }

    private static async Task<IEnumerable<CaseResult>> RunAsync(MosquittoProcess process, SuiteOptions options, CancellationToken cancellation)
    {
        await using MosquittoProcess mosquitto = process;
        TcpTarget target = new("127.0.0.1", mosquitto.Port, TimeProvider.System);
        SuiteResult result = await new SuiteRunner(target, options).RunAsync(cancellation);
        Assert.Null(result.Abort);

        // Cases are about other statements too, on which this server was judged as it is by default.
        return result.Cases.Select(one => one with { Statements = [.. one.Statements.Where(id => options.IsWanted?.Invoke(Find(id)) ?? true)] });
    }

    private static Statement Find(string id) => StatementTable.Find(id) ?? throw new ArgumentException($"There is no statement {id}.", nameof(id));

    [Fact]
    public void Every_failure_of_mosquitto_is_explained()
    {
        PeerVerdicts verdicts = PeerVerdicts.Read(Peer);
        Assert.Empty(verdicts.Unexplained);
    }
}
