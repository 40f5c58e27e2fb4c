namespace Starling.Client;

/// <summary>How far a connect came.</summary>
public enum ConnectStage
{
    /// <summary>Asking the application for user name, password or authentication data.</summary>
    Credentials,

    /// <summary>Looking up the name of the server.</summary>
    Dns,

    /// <summary>Opening the connection.</summary>
    Tcp,

    /// <summary>Waiting for CONNACK.</summary>
    Connack,
}
