namespace Starling.Broker.Connections;

/// <summary>Why a connection ended, as the log says it.</summary>
internal enum ConnectionCause : byte
{
    /// <summary>DISCONNECT of the client.</summary>
    Disconnected,

    /// <summary>The client closed without DISCONNECT.</summary>
    ClosedByPeer,

    /// <summary>The network failed, or the client reset the connection.</summary>
    NetworkFailed,

    /// <summary>The client did not take its output.</summary>
    NotTaken,

    /// <summary>The client broke a rule.</summary>
    Violation,

    /// <summary>Silence for one and a half Keep Alive periods.</summary>
    KeepAliveTimeout,

    /// <summary>No CONNECT, or no end of authentication, in time.</summary>
    ConnectTimeout,

    /// <summary>CONNECT was refused.</summary>
    Refused,

    /// <summary>Another connection uses the Client Identifier.</summary>
    TakenOver,

    /// <summary>A limit of this server.</summary>
    Limit,

    /// <summary>The server stops.</summary>
    ServerStop,

    /// <summary>The broker's own fault.</summary>
    InternalFault,
}
