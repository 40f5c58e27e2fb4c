using System.Diagnostics;
using Starling.Client;
using Starling.Conformance.Inspection;
using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Conformance.Tests.Client.Cases;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Client.Running;

/// <summary>Runs the cases on our client library and turns what happens into verdicts, in the form of those on a server.</summary>
internal sealed class ClientSuite
{
    private readonly Dictionary<MqttVersion, InspectionLog> _logs = new()
    {
        [MqttVersion.V5] = new InspectionLog(),
        [MqttVersion.V311] = new InspectionLog(),
        [MqttVersion.V31] = new InspectionLog(),
    };

    /// <summary>Runs every case in every version that it is about, then judges what inspection has seen meanwhile.</summary>
    public static IReadOnlyList<CaseResult> RunAll()
    {
        ClientSuite suite = new();
        List<CaseResult> results =
        [
            .. from clientCase in ClientCaseCatalog.All
               from version in clientCase.Versions
               select suite.Run(clientCase, version),
        ];
        return [.. results, .. suite._logs.SelectMany(log => InspectionResults(log.Key, log.Value))];
    }

    /// <summary>Runs one case in one version. A packet that breaks a rule of inspection fails it too, when the rule is about its statements.</summary>
    public CaseResult Run(ClientCase clientCase, MqttVersion version)
    {
        long begun = Stopwatch.GetTimestamp();
        string[] statements = [.. clientCase.StatementsOf(version)];
        (Verdict verdict, string message) = (Verdict.Passed, "");
        try
        {
            using ClientRun run = new(version, _logs[version]);
            clientCase.Body(run);
        }
        catch (Exception e) when (e is CaseFailedException or MqttException)
        {
            (verdict, message) = (Verdict.Failed, e.Message);
        }

        return new CaseResult(clientCase.Name, version, statements, verdict, message) { Duration = Stopwatch.GetElapsedTime(begun) };
    }

    /// <summary>What inspection has seen of the cases that were run in one version.</summary>
    public IEnumerable<CaseResult> InspectionResults(MqttVersion version) => InspectionResults(version, _logs[version]);

    private static IEnumerable<CaseResult> InspectionResults(MqttVersion version, InspectionLog log)
    {
        foreach (InspectionRule rule in ClientRules.All)
        {
            string[] statements = [.. rule.Statements.Where(id => StatementTable.Find(id)?.Version == version)];
            if (statements.Length > 0 && log.Packets > 0)
            {
                string breaches = string.Join("; ", log.BreachesOf(rule).Distinct().Take(3));
                yield return new CaseResult(rule.Name, version, statements, breaches.Length == 0 ? Verdict.Passed : Verdict.Failed, breaches);
            }
        }
    }
}
