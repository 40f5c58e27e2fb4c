using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Testing.Network;

/// <summary>Gives a client of a loop a loop that wakes the network.</summary>
internal sealed class WakingClient(ILoopClient client, Action wake) : ILoopClient
{
    public bool HasMail => client.HasMail;

    public void Start(ILoop loop, in Instant now) => client.Start(new WakingLoop(loop, wake), now);

    public IConnectionInput Attach(IConnectionOutput output, in ConnectionDetails details, in Instant now) => client.Attach(output, details, now);

    public void ReadMailboxes(in Instant now) => client.ReadMailboxes(now);

    public long Advance(in Instant now) => client.Advance(now);
}
