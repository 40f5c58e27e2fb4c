namespace Starling.Broker.Timers;

/// <summary>What a timer is for, so that one owner can have several.</summary>
internal enum TimerKind : byte
{
    /// <summary>One and a half Keep Alive periods.</summary>
    KeepAlive,

    /// <summary>Session Expiry Interval.</summary>
    SessionExpiry,

    /// <summary>Messages that wait too long among short-lived ones.</summary>
    CopyOut,

    /// <summary>The $SYS topics are due.</summary>
    SysTopics,
}
