using Starling.Conformance.Running;
using Starling.Conformance.Tests.Targets;

namespace Starling.Conformance.Tests.Suite;

/// <summary>The whole suite against our own broker.</summary>
public sealed class StarlingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Starling_in_memory_breaks_no_statement(int shards)
    {
        SuiteRunner runner = new(new InMemoryTarget(shards), new SuiteOptions());
        SuiteResult result = await runner.RunAsync(TestContext.Current.CancellationToken);
        SuiteAssert.NothingIsBroken(result);
    }
}
