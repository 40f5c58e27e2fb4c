using Starling.Conformance.Targets;
using Starling.Transports.InMemory;

namespace Starling.Conformance.Tests.Targets;

/// <summary>A connection in memory: waiting for bytes runs the loops, and lets virtual time pass only when they have nothing to do.</summary>
internal sealed class InMemoryStream(InMemoryLoopGroup group, InMemoryPeer peer) : IByteStream
{
    /// <summary>How far virtual time goes at a time while bytes are awaited; what comes is noticed so much late at most.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private bool _isOver;

    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_isOver || peer.IsClosed)
        {
            return ValueTask.FromResult(false);
        }

        peer.Write(bytes.Span);
        group.RunUntilIdle();
        return ValueTask.FromResult(true);
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> destination, TimeSpan limit, CancellationToken cancellation)
    {
        group.RunUntilIdle();
        for (TimeSpan waited = TimeSpan.Zero; ; waited += Step)
        {
            cancellation.ThrowIfCancellationRequested();
            if (peer.AvailableBytes > 0)
            {
                byte[] bytes = peer.Read(destination.Length);
                bytes.CopyTo(destination);
                return ValueTask.FromResult(bytes.Length);
            }

            if (peer.IsClosed || _isOver)
            {
                return ValueTask.FromResult(0);
            }

            if (waited >= limit)
            {
                return ValueTask.FromResult(-1);
            }

            group.AdvanceTime(Step);
        }
    }

    public void Abort() => End(reset: true);

    public ValueTask DisposeAsync()
    {
        End(reset: false);
        return ValueTask.CompletedTask;
    }

    private void End(bool reset)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        if (reset)
        {
            peer.ResetByPeer();
        }
        else
        {
            peer.CloseByPeer();
        }

        group.RunUntilIdle();
    }
}
