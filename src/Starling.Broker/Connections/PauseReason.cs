namespace Starling.Broker.Connections;

/// <summary>Why a connection is not read; it is read again when none is left.</summary>
[Flags]
internal enum PauseReason : byte
{
    None = 0,

    /// <summary>CONNECT is being authenticated or committed.</summary>
    Connecting = 1,

    /// <summary>An authorizer has not answered yet.</summary>
    Authorizing = 2,

    /// <summary>A mailbox to another shard is full.</summary>
    Mailbox = 4,

    /// <summary>The deliveries of this iteration are spent.</summary>
    Work = 8,

    /// <summary>Too many acknowledgements wait for storage.</summary>
    Acknowledgements = 16,

    /// <summary>Too much is parked at the memory limit.</summary>
    Parked = 32,

    /// <summary>The client sends what has to be answered and does not take the answers.</summary>
    Output = 64,
}
