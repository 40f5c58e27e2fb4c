using Starling.Broker.Connections;
using Starling.Broker.Messages;
using Starling.Broker.Ports;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;

namespace Starling.Broker.Publishing;

/// <summary>
/// One message whose record waits until every shard with persistent receivers has reserved their places. It belongs to the publisher's shard;
/// the others only carry the reference back.
/// </summary>
internal sealed class Gather(Shard shard, StoredMessage message, MessageOrigin origin, Session? publisher)
{
    /// <summary>The publisher's shard, which takes the answers.</summary>
    public Shard Shard { get; } = shard;

    /// <summary>A reference to the body is held until the record is appended.</summary>
    public StoredMessage Message { get; } = message;

    public MessageOrigin Origin { get; } = origin;

    public Session? Publisher { get; } = publisher;

    public List<StoreReference> References { get; } = [];

    /// <summary>The shards that took places, and are told when the record is stored.</summary>
    public List<(int Shard, StoreReference[] References)> Reserved { get; } = [];

    /// <summary>Answers still to come.</summary>
    public int Awaited { get; set; }

    /// <summary>Runs when the record is appended; null: nothing.</summary>
    public Action? Appended { get; init; }

    /// <summary>Runs when the record is stored; null: nothing.</summary>
    public Action? Stored { get; init; }

    /// <summary>What the acknowledgement waits for; known once the record is appended.</summary>
    public LateTicket Ticket { get; } = new();
}
