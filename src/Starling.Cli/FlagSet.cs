using System.CommandLine;

namespace Starling.Cli;

/// <summary>The flags and words that a command takes; its name and its summary are those of the <see cref="Tree.CommandTree"/>.</summary>
internal sealed class FlagSet() : Command("command");
