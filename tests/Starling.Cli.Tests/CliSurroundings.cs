namespace Starling.Cli.Tests;

/// <summary>What a run of the tool finds around it.</summary>
internal sealed record CliSurroundings
{
    public byte[] Input { get; init; } = [];

    public Dictionary<string, string> Variables { get; init; } = [];

    public CancellationToken Interrupted { get; init; } = TestContext.Current.CancellationToken;
}
