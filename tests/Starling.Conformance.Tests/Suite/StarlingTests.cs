using Starling.Protocol;

namespace Starling.Conformance.Tests.Suite;

/// <summary>The whole suite against our own engine in memory, where every deadline is exact.</summary>
public sealed class StarlingTests(StarlingRuns runs)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Starling_in_memory_breaks_no_statement(int shards) => SuiteAssert.NothingIsBroken(await runs.PlainAsync(shards));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Starling_with_rules_of_access_and_login_breaks_no_statement(int shards) =>
        SuiteAssert.NothingIsBroken(await runs.PreparedAsync(shards));

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    public async Task Starling_with_features_switched_off_breaks_no_statement(QualityOfService maximumQos) =>
        SuiteAssert.NothingIsBroken(await runs.RestrictedAsync(maximumQos));

    [Fact]
    public async Task Starling_without_wildcards_refuses_them_in_3_1_1() => SuiteAssert.NothingIsBroken(await runs.WithoutWildcardsAsync());
}
