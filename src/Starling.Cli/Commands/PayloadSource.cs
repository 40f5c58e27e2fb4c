namespace Starling.Cli.Commands;

/// <summary>Where <c>pub</c> takes payloads from.</summary>
internal enum PayloadSource
{
    None,
    Text,
    File,
    Lines,
    Input,
    Empty,
}
