namespace Starling.Broker.Ports;

/// <summary>What a store tells one shard; callable from any thread, and only a signal: the shard handles it on its own loop.</summary>
public interface IShardStoreEvents
{
    /// <summary>More of this shard's records are stored, or there is room again.</summary>
    void Committed();

    /// <summary>The answer to <see cref="IShardStore.Read"/>.</summary>
    /// <param name="session">The session number.</param>
    /// <param name="messages">
    /// In the order of the question; a delivery that is gone, expired or unreadable is missing from it. The array now belongs to the shard.
    /// </param>
    /// <param name="asked">The deliveries that were asked for.</param>
    void MessagesRead(ulong session, RecoveredMessage[] messages, ulong[] asked);

    /// <summary>The store has failed: nothing more is ever committed.</summary>
    void Failed();
}
