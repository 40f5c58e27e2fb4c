using Starling.Broker.Ports;
using Starling.Storage.Tests.Stores;

namespace Starling.Storage.Tests.Model;

/// <summary>Reads a whole store back, as a broker would, into a model.</summary>
internal static class StoreReading
{
    /// <summary>Of a store that is stepped by hand and not opened for a shard yet.</summary>
    public static StoreModel Read(LogStore store, out RecoveredEnd end)
    {
        ModelSink sink = new();
        store.Recover(sink);
        end = sink.Ended;
        RecordingEvents events = new();
        IShardStore shard = store.Open(99, events);
        foreach ((ulong number, ModelSession session) in sink.Model.Sessions)
        {
            foreach (ulong[] asked in session.Deliveries.Where(delivery => delivery.Value.Message is not null).Select(delivery => delivery.Key).Chunk(100))
            {
                shard.Read(number, asked);
            }
        }

        store.StepAll();
        foreach ((ulong number, RecoveredMessage[] messages, _) in events.Answers)
        {
            sink.Read(number, messages);
        }

        return sink.Model;
    }
}
