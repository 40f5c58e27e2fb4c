using Starling.Conformance.Running;
using Starling.Conformance.Tests.Targets;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Suite;

/// <summary>Runs of a part of the suite.</summary>
public sealed class SelectionTests
{
    [Theory]
    [InlineData("MQTT-3.4.2-1")]
    [InlineData("MQTT311-2.2.2-1")]
    public async Task Statement_that_only_inspection_judges_is_judged_alone_as_well(string id)
    {
        SuiteOptions options = new() { IsWanted = statement => statement.Id == id };

        SuiteResult result = await new SuiteRunner(new InMemoryTarget(), options).RunAsync(TestContext.Current.CancellationToken);

        StatementResult single = Assert.Single(result.Statements);
        Assert.Equal(Verdict.Passed, single.Verdict);
        Assert.All(result.Cases, one => Assert.Equal([id], one.Statements));
    }

    [Fact]
    public async Task Inspection_says_nothing_about_packets_that_did_not_come()
    {
        SuiteOptions options = new()
        {
            IsWanted = statement => statement.Id is "MQTT-3.12.4-1" or "MQTT-3.15.2-1",
            IsWantedCase = one => one.Statements.Contains("MQTT-3.12.4-1"),
        };

        SuiteResult result = await new SuiteRunner(new InMemoryTarget(), options).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Verdict.NotTested, result.Statements.Single(one => one.Statement.Id == "MQTT-3.15.2-1").Verdict);
    }

    [Fact]
    public void Statement_that_has_cases_runs_these_and_no_others()
    {
        SuiteRunner runner = new(new InMemoryTarget(), new SuiteOptions { IsWanted = statement => statement.Id == "MQTT-3.12.4-1" });

        Assert.NotEmpty(runner.Plan);
        Assert.All(runner.Plan, planned => Assert.Contains("MQTT-3.12.4-1", planned.Case.StatementsOf(MqttVersion.V5)));
    }
}
