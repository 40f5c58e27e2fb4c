using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Transports.Tests.Sockets;

/// <summary>A client that says how its loop rests, and counts iterations.</summary>
internal sealed class PacedClient(LoopRest rest) : IPacedLoopClient
{
    private long _iterations;
    private long _mail;

    public ILoop? Loop { get; private set; }

    public long Iterations => Interlocked.Read(ref _iterations);

    public bool HasMail => Interlocked.Read(ref _mail) > 0;

    public void Send()
    {
        Interlocked.Increment(ref _mail);
        Loop?.Wake();
    }

    public LoopRest NextRest() => rest;

    public void Start(ILoop loop, in Instant now) => Loop = loop;

    public IConnectionInput Attach(IConnectionOutput output, in ConnectionDetails details, in Instant now) =>
        throw new InvalidOperationException("Nobody connects here.");

    public void ReadMailboxes(in Instant now) => Interlocked.Exchange(ref _mail, 0);

    public long Advance(in Instant now)
    {
        Interlocked.Increment(ref _iterations);
        return long.MaxValue;
    }
}
