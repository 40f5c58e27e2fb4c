namespace Starling.Cli.Mosquitto;

/// <summary>What a command line asks for.</summary>
internal enum MosquittoRequest
{
    Run,
    Help,
    Version,
}
