using Starling.Conformance.Inspection;
using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Conformance.Tests.Client.Cases;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Client;

/// <summary>Our client library against a scripted server: what the specifications demand of clients.</summary>
public sealed class ClientCaseTests
{
    public static TheoryData<string, MqttVersion> Cases =>
        [.. ClientCaseCatalog.All.SelectMany(clientCase => clientCase.Versions.Select(version => (clientCase.Name, version)))];

    [Theory, MemberData(nameof(Cases))]
    public void The_client_obeys(string name, MqttVersion version)
    {
        ClientSuite suite = new();

        CaseResult result = suite.Run(ClientCaseCatalog.All.Single(clientCase => clientCase.Name == name), version);

        Assert.True(result.Verdict == Verdict.Passed, result.Message);
        string[] breaches = [.. suite.InspectionResults(version).Where(rule => rule.Verdict == Verdict.Failed).Select(rule => $"{rule.Name}: {rule.Message}")];
        Assert.Empty(breaches);
    }

    [Fact]
    public void Every_case_has_a_name_of_its_own() =>
        Assert.Equal(ClientCaseCatalog.All.Count, ClientCaseCatalog.All.Select(clientCase => clientCase.Name).Distinct().Count());

    [Fact]
    public void Every_rule_of_inspection_names_statements_that_exist()
    {
        foreach (InspectionRule rule in ClientRules.All)
        {
            Assert.NotEmpty(rule.Statements);
            Assert.All(rule.Statements, id => Assert.NotNull(StatementTable.Find(id)));
        }
    }
}
