using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Peers;
using Starling.Conformance.Tests.Suite;

namespace Starling.Conformance.Tests.Document;

/// <summary>docs/conformance.md is what the runs say.</summary>
public sealed class DocumentTests(StarlingRuns runs)
{
    private const string UpdateVariable = "STARLING_UPDATE_CONFORMANCE";

    [Fact]
    public async Task The_document_is_what_the_runs_say()
    {
        IReadOnlyList<SuiteResult> results = await runs.AllAsync();
        string written = new ConformanceDocument(Collect(results), results[0].Cases, PeerVerdicts.Read(MosquittoTests.Peer)).Write();
        if (Environment.GetEnvironmentVariable(UpdateVariable) is not null)
        {
            await File.WriteAllTextAsync(ConformanceDocument.FilePath, written);
        }

        string kept = File.Exists(ConformanceDocument.FilePath) ? await File.ReadAllTextAsync(ConformanceDocument.FilePath) : "";
        string[] differences = [.. written.Split('\n').Except(kept.Split('\n')).Take(5)];
        Assert.True(written == kept, $"docs/conformance.md differs from the run; eng/update-conformance writes it. The run has:\n{string.Join('\n', differences)}");
    }

    [Fact]
    public async Task Every_statement_has_a_verdict_or_a_reason()
    {
        Dictionary<string, Evidence> evidence = Collect(await runs.AllAsync());
        Assert.Empty(evidence.Where(pair => pair.Value.IsMissing).Select(pair => pair.Key));
    }

    [Fact]
    public async Task No_reason_is_given_for_what_is_proved()
    {
        Dictionary<string, Evidence> evidence = Collect(await runs.AllAsync());
        Assert.Empty(evidence.Where(pair => pair.Value is { Reason: not null, IsProved: true }).Select(pair => pair.Key));
    }

    private static Dictionary<string, Evidence> Collect(IReadOnlyList<SuiteResult> results)
    {
        ILookup<string, CaseResult> server = ByStatement(results.SelectMany(result => result.Cases));
        ILookup<string, CaseResult> client = ByStatement(ClientSuite.RunAll());
        ILookup<string, string> inside = InsideClaims.Read();
        IReadOnlyDictionary<string, string> reasons = NotTested.Read();
        return StatementTable.All.Select(statement => statement.Id).ToDictionary(id => id, id => new Evidence(
            server[id].Any() ? server[id].Max(one => one.Verdict) : Verdict.NotTested,
            [.. server[id].Select(one => one.Name).Distinct()],
            client[id].Any() ? client[id].Max(one => one.Verdict) : null,
            [.. client[id].Select(one => one.Name).Distinct()],
            [.. inside[id]],
            reasons.GetValueOrDefault(id)));
    }

    private static ILookup<string, CaseResult> ByStatement(IEnumerable<CaseResult> cases) => cases
        .Where(one => one.Verdict != Verdict.NotTested)
        .SelectMany(one => one.Statements.Select(id => (Id: id, Case: one)))
        .ToLookup(pair => pair.Id, pair => pair.Case, StringComparer.Ordinal);
}
