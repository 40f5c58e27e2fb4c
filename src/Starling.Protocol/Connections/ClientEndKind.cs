namespace Starling.Protocol.Connections;

/// <summary>Why a connection of the client role is over.</summary>
public enum ClientEndKind : byte
{
    /// <summary>This side sent DISCONNECT.</summary>
    Disconnected,

    /// <summary>The server refused in CONNACK.</summary>
    Refused,

    /// <summary>The server sent DISCONNECT.</summary>
    ByServer,

    /// <summary>The server broke a rule.</summary>
    Violation,

    /// <summary>The server did not answer PINGREQ in time.</summary>
    KeepAliveTimeout,

    /// <summary>The transport is gone, without DISCONNECT.</summary>
    TransportLost,
}
