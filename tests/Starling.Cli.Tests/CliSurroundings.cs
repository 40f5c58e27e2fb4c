namespace Starling.Cli.Tests;

/// <summary>What a run of the tool finds around it.</summary>
internal sealed record CliSurroundings
{
    public byte[] Input { get; init; } = [];

    /// <summary>Instead of <see cref="Input"/>.</summary>
    public Stream? InputStream { get; init; }

    /// <summary>Instead of the output that <see cref="CliRun.Output"/> keeps.</summary>
    public Stream? OutputStream { get; init; }

    public Dictionary<string, string> Variables { get; init; } = [];

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public bool IsOutputTerminal { get; init; }

    public CancellationToken Interrupted { get; init; } = TestContext.Current.CancellationToken;
}
