namespace Starling.Client;

/// <summary>How far a connect came.</summary>
public enum ConnectStage
{
    /// <summary>Asking the application for user name, password or authentication data.</summary>
    Credentials,

    /// <summary>Looking up the name of the server.</summary>
    Dns,

    /// <summary>Opening the TCP connection, or the Unix socket.</summary>
    Tcp,

    /// <summary>The TLS handshake: versions, certificates.</summary>
    Tls,

    /// <summary>The opening handshake of WebSocket.</summary>
    WebSocket,

    /// <summary>Waiting for CONNACK.</summary>
    Connack,
}
