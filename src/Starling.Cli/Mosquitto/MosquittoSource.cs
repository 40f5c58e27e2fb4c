namespace Starling.Cli.Mosquitto;

/// <summary>Where the payload of a published message comes from.</summary>
internal enum MosquittoSource
{
    None,
    Text,
    File,
    Lines,
    Input,
    Empty,
}
