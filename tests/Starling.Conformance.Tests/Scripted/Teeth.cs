using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>Runs the suite against a scripted server with a fault, and compares what turns red with what must.</summary>
internal static class Teeth
{
    public static async Task BiteAsync(Fault fault)
    {
        FaultExpectation? expectation = FaultExpectation.All.SingleOrDefault(one => one.Fault == fault);
        string[] expected = [.. expectation?.Statements ?? []];
        SuiteRunner runner = new(new ScriptedTarget(fault), Options(fault, expected));
        SuiteResult result = await runner.RunAsync(TestContext.Current.CancellationToken);
        Assert.Null(result.Abort);
        string[] red = [.. result.Statements.Where(statement => IsRed(statement.Verdict)).Select(statement => statement.Statement.Id)];
        string differences = string.Join('\n', Differences(result, expected, red));
        Assert.True(expected.SequenceEqual(red), $"{fault}\t{string.Join(' ', red)}\n{differences}");
    }

    private static SuiteOptions Options(Fault fault, string[] expected)
    {
        // Only they need very many messages, or very large ones, to be seen.
        bool needsBulk = fault is Fault.OpenIdentifierTakenAgain or Fault.MaximumPacketSizeOfServerIgnored;

        // A fault that is about one version need not be tried in the others.
        IEnumerable<MqttVersion> concerned = expected.Select(id => StatementTable.Find(id)?.Version ?? MqttVersion.None);
        MqttVersion[] versions = [.. concerned.Distinct().OrderDescending()];
        SuiteOptions options = new() { IsWantedCase = conformanceCase => conformanceCase.Kind != CaseKind.Bulk || needsBulk };
        return versions.Length == 0 ? options : options with { Versions = versions };
    }

    private static IEnumerable<string> Differences(SuiteResult result, string[] expected, string[] red) =>
    [
        .. expected.Except(red).Select(id => $"should be red and is not: {id}"),
        .. from one in result.Cases
           where IsRed(one.Verdict) && one.Statements.Any(id => !expected.Contains(id))
           select $"{Greeting.NameOf(one.Version)} {string.Join(' ', one.Statements)} {one.Name}: {one.Message}",
    ];

    private static bool IsRed(Verdict verdict) => verdict is Verdict.Failed or Verdict.NotAdvised;
}
