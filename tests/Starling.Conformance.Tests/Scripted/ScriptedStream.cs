using Starling.Conformance.Targets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>The client's side of a connection to the scripted server.</summary>
internal sealed class ScriptedStream(ScriptedClock clock, ScriptedConnection connection) : IByteStream
{
    private bool _isOver;

    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_isOver || connection.IsClosed)
        {
            return ValueTask.FromResult(false);
        }

        connection.Receive(bytes.Span);
        return ValueTask.FromResult(true);
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> destination, TimeSpan limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TimeSpan until = clock.Now + limit;
        while (true)
        {
            int count = connection.Outbox.Take(destination.Span);
            if (count > 0)
            {
                return ValueTask.FromResult(count);
            }

            if (_isOver || connection.IsClosed)
            {
                return ValueTask.FromResult(0);
            }

            if (!clock.GoOn(until))
            {
                return ValueTask.FromResult(-1);
            }
        }
    }

    public void Abort() => End();

    public ValueTask DisposeAsync()
    {
        End();
        return ValueTask.CompletedTask;
    }

    private void End()
    {
        if (!_isOver)
        {
            _isOver = true;
            connection.Close();
        }
    }
}
