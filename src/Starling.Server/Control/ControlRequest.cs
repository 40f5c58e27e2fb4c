namespace Starling.Server.Control;

/// <summary>The one line that a client of the control socket sends.</summary>
internal sealed record ControlRequest
{
    /// <summary>The only one there is: <see cref="Command"/> of a backup.</summary>
    public const string Backup = "backup";

    /// <summary>What to do.</summary>
    public string? Command { get; init; }

    /// <summary>For a backup: the absolute path of the directory to write.</summary>
    public string? Target { get; init; }
}
