using Starling.Broker.Ports;
using Starling.Broker.Shards;

namespace Starling.Broker.Publishing;

/// <summary>The answer of one shard to a gather: which of its sessions have reserved a place.</summary>
internal sealed class GatherReply(Gather gather, int from, StoreReference[] references) : IControlLetter
{
    public void Deliver(Shard shard) => shard.Gathering.Receive(gather, from, references);
}
