using Starling.Broker.Ports;
using Starling.Broker.Shards;

namespace Starling.Broker.Publishing;

/// <summary>The record that a shard reserved places for is stored: QoS 2 copies may leave.</summary>
internal sealed class GatherStored(StoreReference[] references) : IControlLetter
{
    public void Deliver(Shard shard) => shard.Gathering.Settle(references);
}
