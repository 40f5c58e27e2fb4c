namespace Starling.Cli.Tests.Mosquitto;

/// <summary>What of a run is to differ from mosquitto's.</summary>
[Flags]
public enum Differing
{
    None = 0,
    Output = 1,
    Error = 2,
    Code = 4,
    Packets = 8,
    File = 16,
}
