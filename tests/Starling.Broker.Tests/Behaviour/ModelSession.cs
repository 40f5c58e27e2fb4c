using System.Text;
using Starling.Broker.Ports;
using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>One session of a <see cref="ModelState"/>.</summary>
internal sealed class ModelSession
{
    public StoredRecord? Opened { get; set; }

    public StoredRecord? Will { get; set; }

    public long? AwaySince { get; set; }

    public ulong NextSequence { get; set; }

    public ulong SentBelow { get; private set; }

    public SortedDictionary<ulong, (StoredRecord Record, StoreReference Reference, bool IsReceived)> Deliveries { get; } = [];

    public SortedSet<ushort> Incoming { get; } = [];

    public Dictionary<string, StoredRecord> Subscriptions { get; } = [];

    public void Apply(StoredRecord record)
    {
        switch (record.Kind)
        {
            case StoreRecordKind.SessionAway:
                AwaySince = record.UtcMilliseconds;
                SentBelow = Math.Max(SentBelow, record.Sequence);
                break;
            case StoreRecordKind.Sent:
                SentBelow = Math.Max(SentBelow, record.Sequence);
                break;
            case StoreRecordKind.Subscribed:
                Subscriptions[record.Topic] = record;
                break;
            case StoreRecordKind.Unsubscribed:
                Subscriptions.Remove(record.Topic);
                break;
            case StoreRecordKind.Received when Deliveries.TryGetValue(record.Sequence, out var delivery):
                Deliveries[record.Sequence] = delivery with { IsReceived = true };
                SentBelow = Math.Max(SentBelow, record.Sequence + 1);
                break;
            case StoreRecordKind.Incoming:
                Incoming.Add(record.PacketIdentifier);
                break;
            case StoreRecordKind.Released:
                Incoming.Remove(record.PacketIdentifier);
                break;
            case StoreRecordKind.Will:
                Will = record;
                break;
            case StoreRecordKind.WillRemoved:
                Will = Will?.Epoch == record.Epoch ? null : Will;
                break;
        }
    }

    public void Give(ulong number, IRecoverySink sink)
    {
        sink.Session(new RecoveredSession
        {
            Number = number,
            ClientIdentifier = Opened?.Topic ?? "",
            Epoch = Opened?.Epoch ?? 0,
            Version = MqttVersion.V5,
            ExpirySeconds = Opened?.Seconds ?? 0,
            AwaySinceUtcMilliseconds = AwaySince,
            NextSequence = NextSequence,
            SentBelow = SentBelow,
            Will = Will is null ? null : new RecoveredWill
            {
                Topic = Encoding.UTF8.GetBytes(Will.Topic),
                Payload = Encoding.UTF8.GetBytes(Will.Payload),
                Properties = [],
                Qos = Will.Qos,
                Retain = Will.Retain,
                DelaySeconds = Will.Seconds,
            },
        });
        foreach (StoredRecord subscription in Subscriptions.Values)
        {
            sink.Subscription(Encoding.UTF8.GetBytes(subscription.Topic), subscription.Options, subscription.Identifier);
        }

        foreach ((ulong sequence, (StoredRecord record, StoreReference reference, bool isReceived)) in Deliveries)
        {
            sink.Delivery(new RecoveredDelivery(
                sequence,
                reference.Qos,
                reference.Retain,
                isReceived,
                reference.Identifier,
                reference.Identifiers,
                reference.SharedFilter is { } filter ? Encoding.UTF8.GetString(filter) : null,
                record.Topic.Length + record.Payload.Length));
        }

        foreach (ushort identifier in Incoming)
        {
            sink.Incoming(identifier);
        }
    }
}
