using Starling.Conformance.Running;

namespace Starling.Conformance.Reports;

/// <summary>A run as lines of text: one for each statement, then a summary.</summary>
internal sealed class TextReport(TextWriter output, bool isQuiet)
{
    public void Write(SuiteResult result)
    {
        foreach (StatementResult statement in result.Statements.Where(s => !isQuiet || s.Verdict == Verdict.Failed))
        {
            string message = statement.Message.Length == 0 ? "" : $" | {statement.Message.ReplaceLineEndings(" ")}";
            output.WriteLine($"{WordOf(statement.Verdict),-10}  {statement.Statement.Id,-18}  {statement.Statement.Rule}{message}");
        }

        output.WriteLine();
        output.WriteLine(string.Join(", ", result.Statements.CountBy(s => s.Verdict).OrderBy(c => c.Key).Select(c => $"{c.Value} {WordOf(c.Key)}")));
        output.WriteLine(FormattableString.Invariant($"{result.Cases.Count} cases against {result.Target} in {result.Duration.TotalSeconds:0.0} s"));
    }

    private static string WordOf(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "passed",
        Verdict.Failed => "FAILED",
        Verdict.NotAdvised => "advice",
        _ => "not tested",
    };
}
