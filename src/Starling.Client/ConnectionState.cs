namespace Starling.Client;

/// <summary>What a client is doing.</summary>
public enum ConnectionState
{
    /// <summary>Not connected, and not trying to be.</summary>
    Idle,

    /// <summary>The first connection is on its way.</summary>
    Connecting,

    /// <summary>Connected.</summary>
    Connected,

    /// <summary>The connection was lost, and the next one is on its way.</summary>
    Reconnecting,

    /// <summary>Given up, because trying again would not help.</summary>
    Faulted,

    /// <summary>Disposed.</summary>
    Closed,
}
