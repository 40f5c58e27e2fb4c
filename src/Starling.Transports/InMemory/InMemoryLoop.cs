using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Starling.Protocol;
using Starling.Protocol.Loops;
using Starling.Transports.Loops;

namespace Starling.Transports.InMemory;

/// <summary>One loop of an <see cref="InMemoryLoopGroup"/>. It drives its client exactly as the loops on sockets do.</summary>
public sealed class InMemoryLoop
{
    private readonly InMemoryLoopGroup _group;

    internal InMemoryLoop(InMemoryLoopGroup group, int index, EventLoop[] peers, ILoopClient client, ILoggerFactory? loggers)
    {
        _group = group;
        EventLoopParts parts = new()
        {
            Index = index,
            Peers = peers,
            Clock = new LoopClock(group.Time),
            Account = group.Budget.OpenAccount(),
            Logger = loggers?.CreateLogger<LoopGroup>() ?? NullLogger<LoopGroup>.Instance,
            ReadBytes = LoopGroupOptions.DefaultReadBytes,
            IdleBufferBytesMax = LoopGroupOptions.DefaultIdleBufferBytesMax,
        };
        EventLoop = new EventLoop(parts, static loop => new InMemoryDriver(loop), client);
    }

    /// <summary>The loop as its client sees it.</summary>
    public ILoop Loop => EventLoop;

    /// <summary>The instant of the last iteration.</summary>
    public Instant Now => EventLoop.Now;

    /// <summary>Connections attached to this loop and not over.</summary>
    public int ConnectionCount => EventLoop.Connections.Count;

    internal EventLoop EventLoop { get; }

    /// <summary>
    /// Opens a connection as if a listener had accepted it and dealt it to this loop; the client attaches it in the next iteration.
    /// </summary>
    public InMemoryPeer Open(string listenerName = "in-memory", EndPoint? remoteEndPoint = null)
    {
        InMemoryPeer peer = new(EventLoop.Index);
        ConnectionDetails details = new(remoteEndPoint, listenerName, _group.Time.GetTimestamp());
        EventLoop.Post(ControlMessage.Attach(new TransportSocket(-1, peer), details, []));
        return peer;
    }

    /// <summary>
    /// One iteration of this loop: what peers did since, mail, deadlines that are due, flush. At most 64 KiB are received from each
    /// connection.
    /// </summary>
    public void RunIteration()
    {
        _group.EnterOnly(this);
        try
        {
            EventLoop.RunIteration();
        }
        finally
        {
            _group.EnterAll();
        }
    }
}
