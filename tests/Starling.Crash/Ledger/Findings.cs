using System.Collections.Concurrent;

namespace Starling.Crash.Ledger;

/// <summary>Everything that was wrong. Safe to use from any thread.</summary>
internal sealed class Findings
{
    private const int ShownOfEach = 6;
    private readonly ConcurrentQueue<(Fault Fault, string Text)> _all = new();

    public bool IsEmpty => _all.IsEmpty;

    public int Total => _all.Count;

    public void Add(Fault fault, string text) => _all.Enqueue((fault, text));

    public int CountOf(Fault fault) => _all.Count(finding => finding.Fault == fault);

    public void AddAll(Findings other)
    {
        foreach ((Fault fault, string text) in other._all)
        {
            Add(fault, text);
        }
    }

    /// <summary>How many of each fault, then the first of them in words.</summary>
    public override string ToString()
    {
        IEnumerable<IGrouping<Fault, string>> groups = _all.OrderBy(finding => finding.Fault).GroupBy(finding => finding.Fault, finding => finding.Text);
        return IsEmpty ? "nothing wrong" : string.Join('\n', groups.Select(Describe));
    }

    private static string Describe(IGrouping<Fault, string> group)
    {
        string[] texts = [.. group];
        IEnumerable<string> shown = texts.Take(ShownOfEach).Select(text => $"\n    {text}");
        string rest = texts.Length > ShownOfEach ? $"\n    … and {texts.Length - ShownOfEach} more" : "";
        return $"  {group.Key}: {texts.Length}{string.Concat(shown)}{rest}";
    }
}
