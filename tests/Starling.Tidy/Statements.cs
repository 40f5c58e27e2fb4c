using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Starling.Tidy;

/// <summary>Statement ids in code: where they are cited, where they are claimed, and which exist.</summary>
internal static partial class Statements
{
    /// <summary>The tables of docs/spec and what the ids of each begin with when code cites them.</summary>
    private static readonly (string File, string FilePrefix, string CodePrefix)[] Tables =
    [
        ("docs/spec/normative-5.0.tsv", "MQTT-", "MQTT-"),
        ("docs/spec/normative-5.0-unlabelled.tsv", "U5-", "U5-"),
        ("docs/spec/normative-3.1.1.tsv", "MQTT-", "MQTT311-"),
        ("docs/spec/normative-3.1.tsv", "MQTT31-", "MQTT31-"),
    ];

    private static readonly string[] SuiteFolders =
        ["src/Starling.Conformance/Cases/", "src/Starling.Conformance/Inspection/", "tests/Starling.Conformance.Tests/Client/"];

    /// <summary>The ids of each table that is there, as code cites them.</summary>
    public static Dictionary<string, HashSet<string>> ReadTables(IEnumerable<SourceFile> files)
    {
        Dictionary<string, HashSet<string>> tables = [];
        foreach ((string path, string filePrefix, string codePrefix) in Tables)
        {
            if (files.FirstOrDefault(file => file.Path == path) is { } file)
            {
                tables[path] = [.. file.Lines.Skip(1)
                    .Select(line => line.Split('\t')[0])
                    .Where(id => id.StartsWith(filePrefix, StringComparison.Ordinal))
                    .Select(id => codePrefix + id[filePrefix.Length..])];
            }
        }

        return tables;
    }

    /// <summary>A table has six columns, the same first line as the others, and each id once.</summary>
    public static IEnumerable<Offence> CheckTable(SourceFile table)
    {
        if (table.Lines[0] != "id\tbinds\ttopic\trule\ttestable\thow")
        {
            yield return table.AtLine(1, "the columns are id, binds, topic, rule, testable, how");
        }

        HashSet<string> seen = [];
        for (int i = 1; i < table.Lines.Length && table.Lines[i].Length > 0; i++)
        {
            string[] cells = table.Lines[i].Split('\t');
            if (cells.Length != 6 || !Id().IsMatch(cells[0]) || !seen.Add(cells[0]))
            {
                yield return table.AtLine(i + 1, "a row is an id that no other row has, and five cells");
            }
        }
    }

    /// <summary>The ids that code names, in comments and in values, with their places.</summary>
    public static IEnumerable<(string Id, Offence Place)> Cited(SourceFile file)
    {
        for (int i = 0; i < file.Lines.Length; i++)
        {
            foreach (Match match in Id().Matches(file.Lines[i]))
            {
                yield return (match.Value, file.AtLine(i + 1, ""));
            }
        }
    }

    /// <summary>The ids that tests claim with [Statement("…")], with their places.</summary>
    public static IEnumerable<(string Id, Offence Place)> Claimed(SourceFile file) =>
        from attribute in file.All<AttributeSyntax>()
        where attribute.Name.ToString() is "Statement" or "StatementAttribute"
        from argument in attribute.ArgumentList?.Arguments ?? default
        where argument.Expression is LiteralExpressionSyntax
        select (((LiteralExpressionSyntax)argument.Expression).Token.ValueText, file.At(attribute, ""));

    /// <summary>Whether the strings of this file that are ids claim them: the cases of the suite, what it inspects, and the cases for clients.</summary>
    public static bool IsOfSuite(SourceFile file) => SuiteFolders.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal));

    /// <summary>The ids that cases of the conformance suite name, with their places.</summary>
    public static IEnumerable<(string Id, Offence Place)> ClaimedByCase(SourceFile file) =>
        from literal in file.All<LiteralExpressionSyntax>()
        let id = literal.Token.ValueText
        where Id().Match(id) is { Success: true } match && match.Length == id.Length
        select (id, file.At(literal, ""));

    /// <summary>The statements that nothing proves for Starling, each with its reason, of docs/spec/not-tested.tsv.</summary>
    public static IEnumerable<(string Id, Offence Place)> GivenUp(SourceFile list)
    {
        for (int i = 1; i < list.Lines.Length && list.Lines[i].Length > 0; i++)
        {
            yield return (list.Lines[i].Split('\t')[0], list.AtLine(i + 1, ""));
        }
    }

    /// <summary>Every statement is claimed by a test or a case, or given up with a reason.</summary>
    public static IEnumerable<Offence> CheckCoverage(SourceFile list, IEnumerable<string> statements, IReadOnlySet<string> claimed)
    {
        HashSet<string> givenUp = [.. GivenUp(list).Select(pair => pair.Id)];
        return from id in statements
               where !givenUp.Contains(id) && !claimed.Contains(id)
               select list.AtLine(1, $"nothing tests {id}: write a case (CONTRIBUTING.md says how), or a line here with the reason");
    }

    /// <summary>The list has two columns, and a reason in each row.</summary>
    public static IEnumerable<Offence> CheckList(SourceFile list)
    {
        if (list.Lines[0] != "id\treason")
        {
            yield return list.AtLine(1, "the columns are id, reason");
        }

        for (int i = 1; i < list.Lines.Length && list.Lines[i].Length > 0; i++)
        {
            if (list.Lines[i].Split('\t') is not [{ Length: > 0 }, { Length: > 10 }])
            {
                yield return list.AtLine(i + 1, "a row is an id and a reason in words");
            }
        }
    }

    public static IEnumerable<Offence> CheckExistence(IEnumerable<(string Id, Offence Place)> ids, IEnumerable<SourceFile> files)
    {
        HashSet<string> known = [.. ReadTables(files).Values.SelectMany(table => table)];
        return from id in ids
               where !known.Contains(id.Id)
               select id.Place with { Remedy = $"{id.Id} is in no table of docs/spec; correct the id" };
    }

    public static IEnumerable<Offence> CheckCitations(IEnumerable<SourceFile> product, IEnumerable<SourceFile> tests)
    {
        SourceFile[] files = [.. product];
        HashSet<string> claimed =
        [
            .. tests.SelectMany(Claimed).Concat(files.Where(IsOfSuite).SelectMany(ClaimedByCase)).Select(claim => claim.Id),
        ];
        return from citation in files.SelectMany(Cited)
               where !claimed.Contains(citation.Id)
               select citation.Place with { Remedy = $"no test claims [Statement(\"{citation.Id}\")]; write one that can fail" };
    }

    [GeneratedRegex(@"\b(MQTT31-\d+|(MQTT|MQTT311)-\d+\.\d+(\.\d+)?-\d+|U5-\d+)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
