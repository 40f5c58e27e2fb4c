namespace Starling.Transports.Loops;

/// <summary>The end of a loop: it waits for its client to close the connections, then closes those that are left.</summary>
internal sealed class LoopStop(EventLoop loop)
{
    public bool IsRequested { get; private set; }

    /// <summary>Whether the grace time is over, so that nothing is attached any more.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>The end of the grace time; it never comes when no stop was asked for.</summary>
    public long NextDeadline { get; private set; } = long.MaxValue;

    public void Begin(long graceMilliseconds)
    {
        IsRequested = true;
        if (!IsClosing)
        {
            NextDeadline = Math.Min(NextDeadline, loop.Now.MonotonicMilliseconds + graceMilliseconds);
        }
    }

    public void CloseWhenDue()
    {
        if (NextDeadline > loop.Now.MonotonicMilliseconds)
        {
            return;
        }

        IsClosing = true;
        NextDeadline = long.MaxValue;
        for (int i = 0; i < loop.Connections.Capacity; i++)
        {
            loop.Connections[i]?.Close();
        }
    }
}
