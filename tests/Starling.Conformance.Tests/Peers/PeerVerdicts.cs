using Starling.Conformance.Running;
using Starling.Conformance.Tests.Document;

namespace Starling.Conformance.Tests.Peers;

/// <summary>What a run against another broker said, statement by statement, with a note on every failure: kept in a file, checked by a run.</summary>
internal sealed class PeerVerdicts
{
    private const string Header = "id\tverdict\tnote";

    private readonly Dictionary<string, (Verdict Verdict, string Note)> _rows;

    private PeerVerdicts(Dictionary<string, (Verdict Verdict, string Note)> rows) => _rows = rows;

    public static string FilePath(string peer) =>
        Path.Combine(RepositoryRoot.Path, "tests", "Starling.Conformance.Tests", "Peers", peer + ".tsv");

    public static PeerVerdicts Read(string peer)
    {
        string path = FilePath(peer);
        string[] lines = File.Exists(path) ? File.ReadAllLines(path) : [Header];
        Assert.Equal(Header, lines[0]);
        return new PeerVerdicts(lines.Skip(1).Select(line => line.Split('\t')).ToDictionary(
            cells => cells[0], cells => (Enum.Parse<Verdict>(cells[1]), cells[2]), StringComparer.Ordinal));
    }

    public Verdict VerdictOf(string id) => _rows.TryGetValue(id, out (Verdict Verdict, string Note) row) ? row.Verdict : Verdict.NotTested;

    public string NoteOf(string id) => _rows.TryGetValue(id, out (Verdict Verdict, string Note) row) ? row.Note : "";

    /// <summary>Statements that are said to fail, and why is not.</summary>
    public IEnumerable<string> Unexplained => _rows.Where(row => row.Value is { Verdict: Verdict.Failed, Note.Length: < 10 }).Select(row => row.Key);

    /// <summary>Where the run says something else, each with what it says.</summary>
    public IEnumerable<string> Differences(IReadOnlyList<StatementResult> run) =>
        from statement in run
        where statement.Verdict != VerdictOf(statement.Statement.Id)
        select $"{statement.Statement.Id}: the run says {statement.Verdict}, the file {VerdictOf(statement.Statement.Id)}; {statement.Message}";

    /// <summary>The file as the run would have it; notes are kept, and new failures get what the cases say for a beginning.</summary>
    public string Write(IReadOnlyList<StatementResult> run)
    {
        IEnumerable<string> rows = run.Select(statement =>
        {
            string id = statement.Statement.Id;
            string note = statement.Verdict != Verdict.Failed ? "" : NoteOf(id) is { Length: > 0 } known ? known : $"NEW: {statement.Message}";
            return $"{id}\t{statement.Verdict}\t{note.Replace('\t', ' ').Replace('\n', ' ')}";
        });
        return string.Join('\n', [Header, .. rows]) + "\n";
    }
}
