namespace Starling.Tidy;

public sealed class StatementTests
{
    private static readonly SourceFile Table = new("docs/spec/normative-3.1.1.tsv", "id\tbinds\nMQTT-1.5.3-1\treceiver\nMQTT-3.8.4-1\tserver\n");

    [Fact]
    public void The_tables_have_their_form() => Offence.AssertNone(Repository.WithExtension(".tsv")
        .Where(file => file.Path.StartsWith("docs/spec/normative-", StringComparison.Ordinal))
        .SelectMany(Statements.CheckTable));

    [Theory]
    [InlineData("id\tbinds\ttopic\trule\ttestable\thow\nU5-01\ta\tb\tc\td\te\n", 0)]
    [InlineData("id\tbinds\ttopic\trule\ttestable\thow\nU5-01\ta\tb\tc\td\n", 1)]
    [InlineData("id\tbinds\ttopic\trule\ttestable\thow\nU5-01\ta\tb\tc\td\te\nU5-01\ta\tb\tc\td\te\n", 1)]
    [InlineData("id\tbinds\n", 1)]
    public void A_table_of_another_form_is_found(string text, int offences) =>
        Assert.Equal(offences, Statements.CheckTable(new SourceFile("docs/spec/x.tsv", text)).Count());

    [Fact]
    public void Cited_statements_exist() =>
        Offence.AssertNone(Statements.CheckExistence(Repository.Product.SelectMany(Statements.Cited), Repository.Files));

    [Fact]
    public void Claimed_statements_exist() =>
        Offence.AssertNone(Statements.CheckExistence(Claims, Repository.Files));

    [Fact]
    public void Cited_statements_are_claimed_by_a_test() =>
        Offence.AssertNone(Statements.CheckCitations(Repository.Product, Repository.Tests));

    [Fact]
    public void The_claimed_statements_are_counted()
    {
        HashSet<string> claimed = [.. Claims.Select(claim => claim.Id)];
        Dictionary<string, HashSet<string>> tables = Statements.ReadTables(Repository.Files);
        foreach ((string path, HashSet<string> ids) in tables)
        {
            Console.WriteLine($"counted: {path}: {ids.Count(claimed.Contains)} of {ids.Count} statements are claimed by a test");
        }

        Assert.Contains("docs/spec/normative-3.1.1.tsv", tables.Keys);
        Assert.Contains("docs/spec/normative-5.0.tsv", tables.Keys);
        Assert.DoesNotContain(tables.Values, ids => ids.Count == 0);
    }

    [Fact]
    public void An_id_of_3_1_1_is_cited_with_its_own_prefix()
    {
        SourceFile right = Snippet.Product("// Bytes stay as they are [MQTT311-1.5.3-1].\nclass Thing;");
        SourceFile wrong = Snippet.Product("// Bytes stay as they are [MQTT-1.5.3-1].\nclass Thing;");
        Assert.Empty(Statements.CheckExistence(Statements.Cited(right), [Table]));
        Assert.Single(Statements.CheckExistence(Statements.Cited(wrong), [Table]));
    }

    [Fact]
    public void A_citation_in_a_value_counts_and_needs_its_claim()
    {
        SourceFile product = Snippet.Product("class Thing { object A = new ProtocolViolation(X, \"MQTT311-3.8.4-1\"); }");
        SourceFile claim = Snippet.Test("class ThingTests { [Fact, Statement(\"MQTT311-3.8.4-1\")] public void Do() { } }");
        SourceFile mention = Snippet.Test("// MQTT311-3.8.4-1\nclass ThingTests { [Fact] public void Do() { } }");
        Assert.Empty(Statements.CheckCitations([product], [claim]));
        Offence offence = Assert.Single(Statements.CheckCitations([product], [mention]));
        Assert.StartsWith("src/Starling.Broker/Thing.cs:1: ", offence.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_of_a_statement_that_is_not_there_is_found()
    {
        SourceFile claim = Snippet.Test("[Statement(\"MQTT311-9.9.9-9\")] class ThingTests { }");
        Assert.Single(Statements.CheckExistence(Statements.Claimed(claim), [Table]));
    }

    [Fact]
    public void Every_statement_is_claimed_or_given_up_with_a_reason()
    {
        SourceFile list = Repository.Get("docs/spec/not-tested.tsv");
        Offence.AssertNone(Statements.CheckList(list));
        Offence.AssertNone(Statements.CheckExistence(Statements.GivenUp(list), Repository.Files));
        HashSet<string> claimed = [.. Claims.Select(claim => claim.Id)];
        Offence.AssertNone(Statements.CheckCoverage(list, Statements.ReadTables(Repository.Files).Values.SelectMany(ids => ids), claimed));
    }

    [Theory]
    [InlineData("id\treason\n", 1)]
    [InlineData("id\treason\nU5-02\tit cannot be seen from anywhere\n", 0)]
    public void A_statement_that_nothing_tests_is_found(string list, int offences) =>
        Assert.Equal(offences, Statements.CheckCoverage(new SourceFile("docs/spec/not-tested.tsv", list), ["U5-01", "U5-02"], new HashSet<string> { "U5-01" }).Count());

    [Theory]
    [InlineData("id\treason\nU5-02\tit cannot be seen from anywhere\n", 0)]
    [InlineData("id\treason\nU5-02\tno\n", 1)]
    [InlineData("id\nU5-02\tit cannot be seen from anywhere\n", 1)]
    public void A_list_of_another_form_is_found(string list, int offences) =>
        Assert.Equal(offences, Statements.CheckList(new SourceFile("docs/spec/not-tested.tsv", list)).Count());

    [Fact]
    public void A_case_of_the_suite_claims_the_ids_that_are_its_strings()
    {
        SourceFile suite = new("src/Starling.Conformance/Cases/ThingCases.cs", "class ThingCases { object A = new(\"U5-01 is it\", [\"MQTT311-3.8.4-1\"]); }");
        Assert.True(Statements.IsOfSuite(suite));
        Assert.Equal("MQTT311-3.8.4-1", Assert.Single(Statements.ClaimedByCase(suite)).Id);
        Assert.False(Statements.IsOfSuite(Snippet.Product("class Thing;")));
    }

    private static IEnumerable<(string Id, Offence Place)> Claims =>
        Repository.Tests.Where(file => file.Project != "Starling.Tidy").SelectMany(Statements.Claimed)
            .Concat(Repository.Code.Where(Statements.IsOfSuite).SelectMany(Statements.ClaimedByCase));
}
