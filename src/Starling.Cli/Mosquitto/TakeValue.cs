namespace Starling.Cli.Mosquitto;

/// <summary>Takes over the value of a flag; the text is what is wrong with it, in the words of mosquitto, or null.</summary>
internal delegate string? TakeValue(MosquittoSettings settings, string value);
