using System.CommandLine;

namespace Starling.Cli;

/// <summary>One command of the tool.</summary>
internal interface ICommand
{
    /// <summary>Name, description and flags.</summary>
    Command Syntax { get; }

    /// <summary>The words that call it, as in <c>store verify</c>.</summary>
    string Words => Syntax.Name;

    /// <summary>Shown first in the help; each is a whole command line.</summary>
    IReadOnlyList<string> Examples { get; }

    /// <summary>Flags that people know from other tools and that do not work here yet, with the reason.</summary>
    IReadOnlyDictionary<string, string> Unsupported { get; }

    /// <summary>What the help says after the flags; empty for nothing.</summary>
    string HelpEnd { get; }

    /// <summary>Runs it.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment);
}
