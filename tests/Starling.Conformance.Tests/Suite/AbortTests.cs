using System.Net;
using System.Net.Sockets;
using Starling.Conformance.Running;
using Starling.Conformance.Targets;
using Starling.Hosting;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Suite;

/// <summary>What a target does that says nothing about any statement.</summary>
public sealed class AbortTests
{
    [Fact]
    public async Task Broker_that_stops_half_way_is_lost_and_breaks_no_statement()
    {
        const int CasesBefore = 5;
        await using StarlingBroker broker = StarlingBroker.Start(new StarlingOptions
        {
            Listeners = ListenerAddress.Loopback(0),
            Durability = Durability.Memory,
            Loops = 1,
        });
        IPEndPoint address = broker.EndPoints[0];
        int done = 0;
        Task? stopping = null;
        SuiteOptions options = new()
        {
            Versions = [MqttVersion.V5],
            IsWantedCase = one => one.Kind == CaseKind.Quick,
            CaseDone = _ => stopping ??= ++done == CasesBefore ? Task.Run(() => broker.StopAsync()) : null,
        };

        SuiteResult result = await new SuiteRunner(new TcpTarget(address.Address.ToString(), address.Port, TimeProvider.System), options)
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(stopping);
        await stopping;
        Assert.Equal(SuiteAbortKind.Lost, result.Abort?.Kind);
        Assert.Contains("While it was lost there ran \"", result.Abort?.Message, StringComparison.Ordinal);
        Assert.Empty(result.Statements.Where(statement => statement.Verdict == Verdict.Failed).Select(statement => statement.Message));
        Assert.Contains(result.Cases, single => single.Verdict == Verdict.Passed);
        Assert.Contains(result.Cases, single => single is { Verdict: Verdict.NotTested, Message: "the run ended before it" });
    }

    [Fact]
    public async Task Server_that_never_answers_is_no_MQTT_server()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        TcpTarget target = new("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, TimeProvider.System) { Patience = TimeSpan.FromMilliseconds(20) };

        SuiteResult result = await new SuiteRunner(target, new SuiteOptions()).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(SuiteAbortKind.NotMqtt, result.Abort?.Kind);
        Assert.Contains("neither a packet nor the end of the connection came", result.Abort?.Message, StringComparison.Ordinal);
        Assert.All(result.Statements, statement => Assert.Equal(Verdict.NotTested, statement.Verdict));
    }
}
