using System.Text.Encodings.Web;
using System.Text.Json;
using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Protocol;

namespace Starling.Conformance.Reports;

/// <summary>Runs as JSON, in the form that docs/conform.md describes: names and words stay, new ones may be added.</summary>
internal static class JsonReport
{
    private const int Format = 1;

    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(SuiteReport report, Stream output)
    {
        using Utf8JsonWriter json = new(output, Options);
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        json.WriteString("tool", report.Tool);
        json.WriteString("begun", report.Begun);
        WriteArray(json, "targets", report.Results, result => WriteTarget(json, report, result));
        json.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter json, SuiteReport report, SuiteResult result)
    {
        json.WriteStartObject();
        WriteText(json, "target", result.Target);
        json.WriteBoolean("complete", result.Abort is null);
        if (result.Abort is SuiteAbort abort)
        {
            json.WriteStartObject("abort");
            json.WriteString("kind", VerdictNames.ForPrograms(abort.Kind));
            WriteText(json, "message", abort.Message);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("abort");
        }

        WriteSeconds(json, result.Duration);
        WriteCounts(json, result.Statements);
        WriteArray(json, "versions", report.Versions, version => WriteVersion(json, result, version));
        WriteArray(json, "sections", SuiteReport.ByChapter(result), chapter => WriteSection(json, chapter));
        WriteArray(json, "statements", result.Statements, statement => WriteStatement(json, statement));
        WriteArray(json, "cases", result.Cases, single => WriteCase(json, single));
        json.WriteEndObject();
    }

    private static void WriteVersion(Utf8JsonWriter json, SuiteResult result, MqttVersion version)
    {
        json.WriteStartObject();
        json.WriteString("version", Greeting.NameOf(version));
        bool isUnspoken = result.UnspokenVersions.TryGetValue(version, out string? why);
        json.WriteBoolean("spoken", !isUnspoken);
        WriteText(json, "message", why ?? "");
        WriteCounts(json, result.Statements.Where(statement => statement.Statement.Version == version));
        json.WriteEndObject();
    }

    private static void WriteSection(Utf8JsonWriter json, IGrouping<Chapter, StatementResult> chapter)
    {
        json.WriteStartObject();
        json.WriteString("version", Greeting.NameOf(chapter.Key.Version));
        json.WriteString("section", chapter.Key.Number);
        json.WriteString("title", chapter.Key.Title);
        WriteCounts(json, chapter);
        json.WriteEndObject();
    }

    private static void WriteStatement(Utf8JsonWriter json, StatementResult result)
    {
        Statement statement = result.Statement;
        json.WriteStartObject();
        json.WriteString("id", statement.Id);
        json.WriteString("version", Greeting.NameOf(statement.Version));
        json.WriteString("section", statement.Section);
        json.WriteString("binds", statement.Binds);
        json.WriteString("topic", statement.Topic);
        json.WriteString("rule", statement.Rule);
        json.WriteString("verdict", VerdictNames.ForPrograms(result.Verdict));
        WriteText(json, "message", result.Message);
        WriteChoices(json, result.Choices);
        WriteArray(json, "cases", result.Cases, single => json.WriteStringValue(single.Name));
        json.WriteEndObject();
    }

    private static void WriteCase(Utf8JsonWriter json, CaseResult result)
    {
        json.WriteStartObject();
        json.WriteString("name", result.Name);
        json.WriteString("version", Greeting.NameOf(result.Version));
        WriteArray(json, "statements", result.Statements, id => json.WriteStringValue(id));
        json.WriteString("verdict", VerdictNames.ForPrograms(result.Verdict));
        WriteText(json, "message", result.Message);
        WriteChoices(json, result.Choices);
        WriteSeconds(json, result.Duration);
        json.WriteEndObject();
    }

    private static void WriteChoices(Utf8JsonWriter json, IReadOnlyList<Choice> choices) => WriteArray(json, "choices", choices, choice =>
    {
        json.WriteStartObject();
        WriteText(json, "question", choice.Question);
        WriteText(json, "answer", choice.Answer);
        json.WriteEndObject();
    });

    private static void WriteCounts(Utf8JsonWriter json, IEnumerable<StatementResult> statements)
    {
        VerdictCounts counts = VerdictCounts.Of(statements);
        json.WriteStartObject("counts");
        json.WriteNumber("passed", counts.Passed);
        json.WriteNumber("failed", counts.Failed);
        json.WriteNumber("not-advised", counts.NotAdvised);
        json.WriteNumber("not-tested", counts.NotTested);
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, TimeSpan duration) =>
        json.WriteNumber("durationSeconds", Math.Round(duration.TotalSeconds, 3));

    private static void WriteText(Utf8JsonWriter json, string name, string text) => json.WriteString(name, Printable.Of(text));

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }
}
