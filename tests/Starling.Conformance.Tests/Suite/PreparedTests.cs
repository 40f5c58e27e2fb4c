using Starling.Conformance.Running;
using Starling.Conformance.Tests.Targets;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Suite;

/// <summary>The whole suite against our broker with rules set up, and with features switched off, so that cases that ask for it are run.</summary>
public sealed class PreparedTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Starling_with_rules_of_access_and_login_breaks_no_statement(int shards)
    {
        SuiteRunner runner = new(new InMemoryTarget(shards, ports: PreparedServer.Ports()), new SuiteOptions());
        SuiteAssert.NothingIsBroken(await runner.RunAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    public async Task Starling_with_features_switched_off_breaks_no_statement(QualityOfService maximumQos)
    {
        // Servers of 3.x cannot announce what they lack, so only 5.0 is run here.
        SuiteOptions options = new() { Versions = [MqttVersion.V5] };
        SuiteRunner runner = new(new InMemoryTarget(1, PreparedServer.Restricted(maximumQos), PreparedServer.Ports()), options);
        SuiteAssert.NothingIsBroken(await runner.RunAsync(TestContext.Current.CancellationToken));
    }
}
