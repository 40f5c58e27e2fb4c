using Starling.Conformance.Running;
using Starling.Conformance.Tests.Suite;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>The scripted server that does everything right.</summary>
public sealed class ScriptedServerTests
{
    [Fact]
    public async Task The_scripted_server_without_a_fault_breaks_no_statement()
    {
        SuiteRunner runner = new(new ScriptedTarget(Fault.None), new SuiteOptions());
        SuiteAssert.NothingIsBroken(await runner.RunAsync(TestContext.Current.CancellationToken));
    }
}
