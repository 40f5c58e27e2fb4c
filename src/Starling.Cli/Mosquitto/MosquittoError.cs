namespace Starling.Cli.Mosquitto;

/// <summary>The numbers that mosquitto's tools end with, and their words.</summary>
internal enum MosquittoError
{
    Success = 0,
    OutOfMemory = 1,
    Protocol = 2,
    Invalid = 3,
    NotConnected = 4,
    Refused = 5,
    Lost = 7,
    Tls = 8,
    PayloadSize = 9,
    Lookup = 15,
    Proxy = 16,
    QosNotSupported = 24,
    TooLarge = 25,
    Timeout = 27,

    /// <summary>mosquitto_sub was to end before any server had accepted it; nothing is said then.</summary>
    NeverAccepted = 255,
}
