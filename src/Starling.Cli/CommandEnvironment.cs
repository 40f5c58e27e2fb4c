using System.Security.Cryptography;
using Starling.Cli.Passwords;

namespace Starling.Cli;

/// <summary>What surrounds one run of the tool: its streams, variables, clock and interruption. Tests hand in their own.</summary>
internal sealed record CommandEnvironment
{
    /// <summary>What is read by <c>pub -l</c> and <c>pub -s</c>.</summary>
    public required Stream Input { get; init; }

    /// <summary>Data only.</summary>
    public required Stream Output { get; init; }

    /// <summary>Everything that is not data.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The name or path by which the tool was called: links with the names of mosquitto's tools make it one of them.</summary>
    public string Program { get; init; } = "starling";

    /// <summary>Reads a key of the terminal that <see cref="Input"/> is, without showing it; null when it is none.</summary>
    public Func<ConsoleKeyInfo>? ReadKey { get; init; }

    /// <summary>Asks for passwords.</summary>
    public SecretPrompt Secrets => new(Input, ReadKey);

    /// <summary>Cancelled by Ctrl+C and SIGTERM.</summary>
    public required CancellationToken Interrupted { get; init; }

    /// <summary>The words that called the command, as in <c>store verify</c>.</summary>
    public string Words { get; init; } = "";

    /// <summary>Whether <see cref="Output"/> is a terminal, which shows colours.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>How many columns the terminal has that <see cref="Error"/> is; null when it is none.</summary>
    public Func<int?> ErrorColumns { get; init; } = static () => null;

    /// <summary>Where randomness begins that need not be secret. Asked for when needed: it loads a library that serving does without.</summary>
    public Func<int> NewSeed { get; init; } = static () => RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>Gives 32 random bytes that nobody can guess.</summary>
    public Func<byte[]> NewKey { get; init; } = static () => RandomNumberGenerator.GetBytes(32);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Reads an environment variable that stands for a flag; null when it is not set, or empty.</summary>
    public string? Setting(string name) => Variable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Says what is wrong in one line.</summary>
    /// <returns><see cref="ExitCode.Usage"/>.</returns>
    public int RefuseUsage(string message)
    {
        Error.WriteLine($"starling: {message}");
        return ExitCode.Usage;
    }

    /// <summary>Writes text to <see cref="Output"/>.</summary>
    public void WriteText(string text)
    {
        using StreamWriter writer = new(Output, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(text);
    }
}
