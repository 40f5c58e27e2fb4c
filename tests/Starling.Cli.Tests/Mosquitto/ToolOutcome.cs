namespace Starling.Cli.Tests.Mosquitto;

/// <summary>What can be seen of a run.</summary>
internal sealed record ToolOutcome(int Code, string Output, string Error, string Packets, string File);
