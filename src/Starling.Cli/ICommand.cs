using System.CommandLine;

namespace Starling.Cli;

/// <summary>One command of the tool. Its name and summary are in the <see cref="Tree.CommandTree"/>.</summary>
internal interface ICommand
{
    /// <summary>Its flags and words; see <see cref="FlagSet"/>.</summary>
    Command Syntax { get; }

    /// <summary>Three of them, shown first in the help; each is a whole command line.</summary>
    IReadOnlyList<string> Examples { get; }

    /// <summary>Flags that people know from other tools and that do not work here yet, with the reason.</summary>
    IReadOnlyDictionary<string, string> Unsupported { get; }

    /// <summary>What the help says after the flags; empty for nothing.</summary>
    string HelpEnd { get; }

    /// <summary>Runs it.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment);
}
