namespace Starling.Cli.Mosquitto;

/// <summary>The tools of mosquitto that Starling can be called as.</summary>
[Flags]
internal enum MosquittoTool
{
    None = 0,
    Pub = 1,
    Sub = 2,
    Rr = 4,
    Passwd = 8,

    /// <summary>All that speak MQTT.</summary>
    Talking = Pub | Sub | Rr,
}
