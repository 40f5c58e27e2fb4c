namespace Starling.Conformance.Tests.Scripted;

/// <summary>What the suite must find when a scripted server has one fault.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Statements">The statements that turn red, in order; none for a gap: no case notices the fault.</param>
/// <param name="Reason">Why it is a gap.</param>
internal sealed record FaultExpectation(Fault Fault, IReadOnlyList<string> Statements, string Reason)
{
    /// <summary>All of them, as the table beside this file has them. A test that finds another set prints the row as it is now.</summary>
    public static IReadOnlyList<FaultExpectation> All { get; } = [.. Read()];

    public bool IsGap => Statements.Count == 0;

    private static IEnumerable<FaultExpectation> Read()
    {
        using Stream stream = typeof(FaultExpectation).Assembly.GetManifestResourceStream("FaultExpectations.tsv")
            ?? throw new InvalidOperationException("FaultExpectations.tsv is not embedded.");
        using StreamReader reader = new(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            string[] cells = line.Split('\t');
            yield return new FaultExpectation(
                Enum.Parse<Fault>(cells[0]),
                cells[1].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                cells.Length > 2 ? cells[2] : "");
        }
    }
}
