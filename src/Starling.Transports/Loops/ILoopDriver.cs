namespace Starling.Transports.Loops;

/// <summary>
/// The part of a loop that differs by operating system: waiting for events, and transfers that do not wait. It tells its
/// <see cref="EventLoop"/> about a connection as long as the connection watches for it (level-triggered).
/// All members but <see cref="Wake"/> are called on the loop's thread.
/// </summary>
internal interface ILoopDriver : IDisposable
{
    /// <summary>Waits for an event at most so long; 0 = only looks, -1 = for ever.</summary>
    void Wait(int timeoutMilliseconds);

    /// <summary>Waits as <see cref="Wait"/> does, finer than in milliseconds where the system can.</summary>
    void WaitFinely(long timeoutNanoseconds);

    /// <summary>Lets time pass without looking at events, where the system can sleep so shortly.</summary>
    void Gather(long nanoseconds);

    /// <summary>Ends the running or the next <see cref="Wait"/>. Callable from any thread.</summary>
    void Wake();

    /// <summary>Hands the events that <see cref="Wait"/> found to the loop.</summary>
    void Dispatch();

    /// <summary>How many events the last wait found; <see cref="int.MaxValue"/> where it is not known.</summary>
    int EventCount { get; }

    /// <summary>Whether there are events that no wait is needed for. Looked at once more after the loop has announced its sleep.</summary>
    bool HasEvents { get; }

    /// <summary>When it must dispatch again at the latest, in monotonic milliseconds.</summary>
    long NextDeadline { get; }

    /// <summary>
    /// Begins to drive a connection, as its <see cref="LoopConnection.WatchesRead"/> and WatchesWrite say; false when the system
    /// refuses.
    /// </summary>
    bool TryRegister(LoopConnection connection);

    /// <summary>Does what the connection's changed WatchesRead and WatchesWrite say. Harmless when nothing changed.</summary>
    void WatchChanged(LoopConnection connection);

    TransferStatus Receive(LoopConnection connection, Span<byte> destination, out int received);

    TransferStatus Send(LoopConnection connection, ReadOnlySpan<byte> source, bool moreFollows, out int sent);

    /// <summary>Tells the peer that nothing follows.</summary>
    void ShutDownSending(LoopConnection connection);

    /// <summary>Lets go of a connection without closing it, so that another loop can register its socket.</summary>
    void Detach(LoopConnection connection);

    /// <summary>Closes a registered connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reset">Whether the peer and the kernel shall forget at once what is on the way.</param>
    void Close(LoopConnection connection, bool reset);

    /// <summary>Closes a socket that was never registered.</summary>
    void Discard(TransportSocket socket);
}
