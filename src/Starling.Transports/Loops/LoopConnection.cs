using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>
/// One connection on its loop: what the client sees of it, and the state that reading, flushing and ending share. Idle, it owns no
/// buffer; keep it small, there is one for each idle client.
/// </summary>
internal sealed class LoopConnection(EventLoop loop, TransportSocket socket, in ConnectionDetails details) : IConnectionOutput
{
    public const int NoMove = -1;

    // Fields, because they are structs that change in place.
    public OutputBuffer Output;
    public SharedPart Shared;
    public UnreadBytes Unread;

    public EventLoop Loop { get; } = loop;

    public TransportSocket Socket { get; } = socket;

    public ConnectionDetails Details { get; } = details;

    /// <summary>What the driver watches for now; its own.</summary>
    public uint DriverState { get; set; }

    /// <summary>Null until its client has attached it.</summary>
    public IConnectionInput? Input { get; set; }

    /// <summary>Its place in the loop's <see cref="ConnectionTable"/>.</summary>
    public ConnectionTicket Ticket { get; set; }

    /// <summary>The bytes its client said it needs for the packet that is cut off.</summary>
    public int NeededBytes { get; set; }

    /// <summary>The loop to move to when the running receive returns, or <see cref="NoMove"/>.</summary>
    public int MoveTarget { get; set; } = NoMove;

    public ConnectionPhase Phase { get; set; }

    public ConnectionEnd End { get; set; }

    /// <summary>Whether the driver reports that there is something to read.</summary>
    public bool WatchesRead { get; set; } = true;

    /// <summary>Whether the driver reports that there is room to send: after a short send only.</summary>
    public bool WatchesWrite { get; set; }

    public bool IsPaused { get; private set; }

    public bool IsDirty { get; set; }

    public bool IsReceiving { get; set; }

    /// <summary>Waits in the loop's list of connections whose kept bytes are to be given again.</summary>
    public bool IsResuming { get; set; }

    /// <summary>Nothing more can be sent, because the peer has gone; what it sent before can still be read.</summary>
    public bool IsSendBroken { get; set; }

    /// <summary>While it is being closed: the peer has ended its side, too.</summary>
    public bool IsPeerDone { get; set; }

    /// <summary>Whether closing forgets what the kernel has not sent yet.</summary>
    public bool ResetsAtClose { get; set; }

    public int PendingBytes => Output.Length + Shared.Length;

    public Span<byte> GetSpan(int length)
    {
        if (Phase == ConnectionPhase.Gone)
        {
            throw new InvalidOperationException("The connection is over, or has moved to another loop.");
        }

        // What is appended comes behind what the connection has in common with others.
        Shared.MoveTo(ref Output, Loop.Buffers);
        if (!Output.HasBuffer)
        {
            // Also when nothing is appended in the end: the flush gives the buffer back.
            Loop.Flusher.MarkDirty(this);
        }

        return Output.GetSpan(Loop.Buffers, length);
    }

    public void Advance(int length)
    {
        // Output of a connection that is closed or broken goes nowhere.
        if (Phase == ConnectionPhase.Open && !IsSendBroken)
        {
            Output.Advance(length);
            Loop.Flusher.Appended(this, length);
        }
    }

    public void Append(IOutputBlock block, int offset, int length)
    {
        if (Phase != ConnectionPhase.Open || IsSendBroken)
        {
            block.Release();
            return;
        }

        Shared.MoveTo(ref Output, Loop.Buffers);
        Output.Append(block, offset, length);
        Loop.Flusher.Appended(this, length);
    }

    public void PauseReading() => IsPaused = true;

    public void ResumeReading()
    {
        if (IsPaused)
        {
            IsPaused = false;
            Loop.Reader.Resume(this);
        }
    }

    public void Close() => Loop.Ending.Close(this);

    public void Abort()
    {
        if (Phase < ConnectionPhase.Ended)
        {
            ResetsAtClose = true;
            Loop.Ending.Over(this, ConnectionEnd.ByUs);
        }
    }

    public void MoveTo(int loopIndex)
    {
        if (!IsReceiving || Phase != ConnectionPhase.Open || PendingBytes > 0)
        {
            throw new InvalidOperationException("A connection moves inside Receive only, open and with no output pending.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(loopIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(loopIndex, Loop.Peers.Length);
        MoveTarget = loopIndex;
    }

    public override string ToString() =>
        $"{Details.RemoteEndPoint?.ToString() ?? "in-memory"} on loop {Loop.Index}: {Phase}, {Unread.Length} bytes not taken, "
        + $"{PendingBytes} bytes pending{(IsPaused ? ", paused" : "")}";
}
