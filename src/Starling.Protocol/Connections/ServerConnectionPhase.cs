namespace Starling.Protocol.Connections;

/// <summary>Where the server's side of a connection stands.</summary>
public enum ServerConnectionPhase : byte
{
    /// <summary>No CONNECT has arrived.</summary>
    AwaitingConnect,

    /// <summary>CONNECT has arrived, CONNACK has not been sent.</summary>
    Connecting,

    /// <summary>CONNACK 0x00 has been sent.</summary>
    Connected,

    /// <summary>The connection is over.</summary>
    Ended,
}
