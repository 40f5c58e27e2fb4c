namespace Starling.Broker.Timers;

/// <summary>What a timer is for, so that one owner can have several.</summary>
internal enum TimerKind : byte
{
    /// <summary>From the acceptance of a connection to its CONNACK.</summary>
    Connect,

    /// <summary>One and a half Keep Alive periods.</summary>
    KeepAlive,

    /// <summary>Session Expiry Interval.</summary>
    SessionExpiry,

    /// <summary>Will Delay Interval.</summary>
    WillDelay,

    /// <summary>How long a publisher is held back.</summary>
    HeldPublisher,

    /// <summary>Messages that wait too long among short-lived ones.</summary>
    CopyOut,

    /// <summary>Message Expiry Interval of retained and queued messages.</summary>
    MessageExpiry,

    /// <summary>The $SYS topics are due.</summary>
    SysTopics,
}
