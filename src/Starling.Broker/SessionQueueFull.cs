namespace Starling.Broker;

/// <summary>What is given up when the queue of a session is full; always counted, and logged once per episode.</summary>
public enum SessionQueueFull
{
    /// <summary>The new message; what was stored stays.</summary>
    DropNewest,

    /// <summary>The oldest message that was never sent.</summary>
    DropOldest,

    /// <summary>The whole session.</summary>
    EndSession,
}
