using Microsoft.Extensions.Logging;
using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>
/// All calls from a loop into its client. An exception there is a fault of our own: it is logged with the state of the connection,
/// ends that connection, and never the loop.
/// </summary>
internal sealed class ClientCalls(EventLoop loop, ILoopClient client, ILogger logger)
{
    // A client that fails in every iteration must not keep the processor busy.
    private const int RetryMilliseconds = 100;

    private readonly IPacedLoopClient? _paced = client as IPacedLoopClient;

    public bool HasMail => client.HasMail;

    public LoopRest NextRest() => _paced?.NextRest() ?? LoopRest.UntilDeadline;

    public void Start() => client.Start(loop, loop.Now);

    public bool Attach(LoopConnection connection)
    {
        try
        {
            connection.Input = client.Attach(connection, connection.Details, loop.Now);
            return true;
        }
        catch (Exception fault)
        {
            logger.ConnectionFault(fault, nameof(Attach), connection);
            return false;
        }
    }

    /// <summary>Returns how many bytes were taken; all of them when the client failed and the connection is over.</summary>
    public int Receive(LoopConnection connection, ReadOnlySpan<byte> bytes)
    {
        if (connection.Input is not { } input)
        {
            return bytes.Length;
        }

        try
        {
            int taken = input.Receive(bytes, loop.Now);
            if ((uint)taken > (uint)bytes.Length)
            {
                throw new InvalidOperationException($"Receive took {taken} of {bytes.Length} bytes.");
            }

            connection.NeededBytes = taken < bytes.Length && connection.MoveTarget == LoopConnection.NoMove ? input.NeededBytes : 0;
            return taken;
        }
        catch (Exception fault)
        {
            Kill(connection, fault, nameof(Receive));
            return bytes.Length;
        }
    }

    /// <summary>The client was given all that it needs by its own word, took nothing, and did not pause.</summary>
    public void TakesNothing(LoopConnection connection) =>
        Kill(connection, new InvalidOperationException($"Receive takes nothing, and needs {connection.NeededBytes} bytes."), nameof(Receive));

    public void Drained(LoopConnection connection)
    {
        try
        {
            connection.Input?.Drained(loop.Now);
        }
        catch (Exception fault)
        {
            Kill(connection, fault, nameof(Drained));
        }
    }

    public void Closed(LoopConnection connection)
    {
        try
        {
            connection.Input?.Closed(connection.End, loop.Now);
        }
        catch (Exception fault)
        {
            logger.ConnectionFault(fault, nameof(Closed), connection);
        }
    }

    public void ReadMailboxes()
    {
        try
        {
            client.ReadMailboxes(loop.Now);
        }
        catch (Exception fault)
        {
            logger.LoopClientFault(fault, nameof(ReadMailboxes), loop.Index);
        }
    }

    public long Advance()
    {
        try
        {
            return client.Advance(loop.Now);
        }
        catch (Exception fault)
        {
            logger.LoopClientFault(fault, nameof(Advance), loop.Index);
            return loop.Now.MonotonicMilliseconds + RetryMilliseconds;
        }
    }

    private void Kill(LoopConnection connection, Exception fault, string call)
    {
        logger.ConnectionFault(fault, call, connection);
        connection.Abort();
    }
}
