using System.Net;
using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Conformance.Targets;
using Starling.Hosting;
using Starling.Transports;

namespace Starling.Conformance.Tests.Suite;

/// <summary>
/// The suite over TCP, on each socket loop, with one loop and with two. Cases that wait for deadlines run in one of them, with wide bounds;
/// in memory their bounds are exact.
/// </summary>
[Collection("over TCP, one after the other")]
public sealed class StarlingTcpTests
{
    [Theory]
    [InlineData(LoopKind.Epoll, 1, false)]
    [InlineData(LoopKind.Epoll, 2, true)]
    [InlineData(LoopKind.Portable, 1, false)]
    [InlineData(LoopKind.Portable, 2, false)]
    public async Task Starling_on_sockets_breaks_no_statement(LoopKind kind, int loops, bool withTimedCases)
    {
        Assert.SkipWhen(kind == LoopKind.Epoll && !OperatingSystem.IsLinux(), "epoll is Linux only.");
        await BreaksNothingAsync(
            new StarlingOptions
            {
                LoopKind = kind,
                Loops = loops,
                Listeners = ListenerAddress.Loopback(0),
                Durability = Durability.Memory,
            },
            withTimedCases);
    }

    [Fact]
    public async Task Starling_on_a_data_directory_breaks_no_statement()
    {
        DirectoryInfo data = Directory.CreateTempSubdirectory("starling-conform-");
        try
        {
            await BreaksNothingAsync(
                new StarlingOptions { Loops = 2, Listeners = ListenerAddress.Loopback(0), DataDirectory = data.FullName },
                withTimedCases: false);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task BreaksNothingAsync(StarlingOptions brokerOptions, bool withTimedCases)
    {
        await using StarlingBroker broker = StarlingBroker.Start(brokerOptions);
        IPEndPoint address = broker.EndPoints[0];
        SuiteOptions options = new() { IsWantedCase = one => withTimedCases || one.Kind != CaseKind.Timed };
        TcpTarget target = new(address.Address.ToString(), address.Port, TimeProvider.System);
        SuiteResult result = await new SuiteRunner(target, options).RunAsync(TestContext.Current.CancellationToken);
        SuiteAssert.EndsInTime(result);
        if (withTimedCases && result.HasFailure)
        {
            HashSet<string> failed = [.. result.Statements.Where(one => one.Verdict == Verdict.Failed).Select(one => one.Statement.Id)];
            IReadOnlyList<CaseResult> cases = await TimedCases.RunAgainAsync(
                target, result.Cases, statement => failed.Contains(statement.Id), TestContext.Current.CancellationToken);
            result = result with { Cases = cases, Statements = SuiteResult.Judge(StatementTable.All, [.. cases]) };
        }

        SuiteAssert.NothingIsBroken(result);
    }
}
