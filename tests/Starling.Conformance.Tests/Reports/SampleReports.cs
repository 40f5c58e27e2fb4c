using Starling.Conformance.Reports;
using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Reports;

/// <summary>Results that no run gave, with one statement of each verdict.</summary>
internal static class SampleReports
{
    /// <summary>What a hostile server may get into a message.</summary>
    public const string Hostile = "<script>alert(1)</script> & \"quoted\" \0\u001b[2J\n\u202E\uD800\uFFFF]]>";

    public const string Passed = "MQTT-3.12.4-1";
    public const string Failed = "MQTT-3.3.1-2";
    public const string Advice = "MQTT-3.1.2-1";
    public const string Untested = "MQTT311-3.12.4-1";

    private static readonly DateTimeOffset Begun = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static SuiteResult Result(string target = "mqtt://one:1883", string message = "what came")
    {
        CaseResult[] cases =
        [
            new("It passes", MqttVersion.V5, [Passed], Verdict.Passed, "") { Choices = [new Choice("says", message)], Duration = TimeSpan.FromSeconds(1.5) },
            new("It passes too", MqttVersion.V5, [Passed], Verdict.Passed, ""),
            new("It fails", MqttVersion.V5, [Failed], Verdict.Failed, message),
            new("It is advised", MqttVersion.V5, [Advice], Verdict.NotAdvised, "not so"),
        ];
        IEnumerable<Statement> statements = new[] { Advice, Failed, Passed, Untested }.Select(id => StatementTable.Find(id)).OfType<Statement>();
        return new SuiteResult(target, cases, SuiteResult.Judge(statements, cases)) { Duration = TimeSpan.FromSeconds(12.34) };
    }

    public static SuiteReport One(string message = "what came") => new("tool 1.0", Begun, [Result(message: message)]);

    public static SuiteReport Two() => new("tool 1.0", Begun, [Result(), Result("mqtt://two:1884", "something else")]);

    public static SuiteReport Lost() => new("tool 1.0", Begun, [Result() with { Abort = new SuiteAbort(SuiteAbortKind.Lost, "it has gone") }]);

    public static string Text(Action<Stream> write)
    {
        using MemoryStream stream = new();
        write(stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
