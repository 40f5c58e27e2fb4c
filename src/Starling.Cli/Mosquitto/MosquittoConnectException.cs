namespace Starling.Cli.Mosquitto;

/// <summary>No connection was made.</summary>
/// <param name="error">Which kind of failure.</param>
/// <param name="line">The line that mosquitto prints for it.</param>
/// <param name="isBegun">Whether the network connection was up, so that mosquitto finds the failure in its loop.</param>
internal sealed class MosquittoConnectException(MosquittoError error, string line, bool isBegun) : Exception(line)
{
    public MosquittoError Error { get; } = error;

    public string Line { get; } = line;

    public bool IsBegun { get; } = isBegun;
}
