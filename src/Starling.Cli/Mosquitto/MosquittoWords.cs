namespace Starling.Cli.Mosquitto;

/// <summary>The words for <see cref="MosquittoError"/> and for codes of the server.</summary>
internal static class MosquittoWords
{
    public static string Of(MosquittoError error) => error switch
    {
        MosquittoError.Success => "No error.",
        MosquittoError.OutOfMemory => "Out of memory.",
        MosquittoError.Protocol => "A network protocol error occurred when communicating with the broker.",
        MosquittoError.Invalid => "Invalid function arguments provided.",
        MosquittoError.NotConnected => "The client is not currently connected.",
        MosquittoError.Refused => "The connection was refused.",
        MosquittoError.Lost => "The connection was lost.",
        MosquittoError.Tls => "A TLS error occurred.",
        MosquittoError.PayloadSize => "Payload too large.",
        MosquittoError.Lookup => "Lookup error.",
        MosquittoError.Proxy => "Proxy error.",
        MosquittoError.QosNotSupported => "Requested QoS not supported on server.",
        MosquittoError.TooLarge => "Packet larger than supported by the server.",
        _ => "Unknown error.",
    };

    /// <summary>A return code of CONNACK in 3.x.</summary>
    public static string OfReturnCode(int code) => code switch
    {
        0 => "Connection Accepted.",
        1 => "Connection Refused: unacceptable protocol version.",
        2 => "Connection Refused: identifier rejected.",
        3 => "Connection Refused: broker unavailable.",
        4 => "Connection Refused: bad user name or password.",
        5 => "Connection Refused: not authorised.",
        _ => "Connection Refused: unknown reason.",
    };

    /// <summary>A Reason Code of 5.0, with the words of the specification.</summary>
    public static string OfReason(int code) => code switch
    {
        0x10 => "No matching subscribers",
        0x80 => "Unspecified error",
        0x81 => "Malformed Packet",
        0x82 => "Protocol Error",
        0x83 => "Implementation specific error",
        0x84 => "Unsupported Protocol Version",
        0x85 => "Client Identifier not valid",
        0x86 => "Bad User Name or Password",
        0x87 => "Not authorized",
        0x88 => "Server unavailable",
        0x89 => "Server busy",
        0x8A => "Banned",
        0x8B => "Server shutting down",
        0x8C => "Bad authentication method",
        0x8D => "Keep Alive timeout",
        0x8E => "Session taken over",
        0x8F => "Topic Filter invalid",
        0x90 => "Topic Name invalid",
        0x91 => "Packet Identifier in use",
        0x92 => "Packet Identifier not found",
        0x93 => "Receive Maximum exceeded",
        0x94 => "Topic Alias invalid",
        0x95 => "Packet too large",
        0x96 => "Message rate too high",
        0x97 => "Quota exceeded",
        0x98 => "Administrative action",
        0x99 => "Payload format invalid",
        0x9A => "Retain not supported",
        0x9B => "QoS not supported",
        0x9C => "Use another server",
        0x9D => "Server moved",
        0x9E => "Shared Subscriptions not supported",
        0x9F => "Connection rate exceeded",
        0xA0 => "Maximum connect time",
        0xA1 => "Subscription identifiers not supported",
        0xA2 => "Wildcard Subscriptions not supported",
        _ => "Unknown reason",
    };
}
