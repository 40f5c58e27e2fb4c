using System.Text;
using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Protocol;
using Starling.Storage.Checkpoints;

namespace Starling.Storage.Tools;

/// <summary>Makes a store of descriptions of what shall be in it, by the records that a broker would append.</summary>
internal sealed class StoreBuilder : IDisposable, IShardStoreEvents
{
    private const int CommitBytes = 256 << 10;

    private readonly ILogDirectory _directory;
    private readonly LogStore _store;
    private readonly IShardStore _shard;
    private int _bytes;

    public StoreBuilder(ILogDirectory directory)
    {
        _directory = directory;
        _store = LogStore.Open(new LogStoreOptions { Directory = directory, RunThreads = false, ScrubBytesPerSecond = 0, DiskFreeBytesMin = 0 });
        _shard = _store.Open(0, this);
    }

    public ImportReport Report { get; private set; } = new();

    public void AddSession(RecoveredSession session, uint willEpoch)
    {
        byte[] client = Encoding.UTF8.GetBytes(session.ClientIdentifier);
        Append(new StoreRecord
        {
            Kind = StoreRecordKind.SessionOpened,
            Session = session.Number,
            Epoch = session.Epoch,
            Topic = client,
            UserName = session.UserName,
            Version = session.Version,
            Seconds = session.ExpirySeconds,
        });
        Report = Report with { Sessions = Report.Sessions + 1 };
        if (session.Will is { } will)
        {
            AddWill(session.Number, will, willEpoch);
        }

        if (session.NextSequence > 0)
        {
            // A delivery that came and went says how far the sequence numbers were used.
            ulong last = session.NextSequence - 1;
            StoreReference reference = new(session.Number, last, QualityOfService.AtLeastOnce, false, 0, null);
            Append(new StoreRecord { Kind = StoreRecordKind.Message, References = new ReadOnlySpan<StoreReference>(in reference) });
            StoreRange range = new(session.Number, last, last);
            Append(new StoreRecord { Kind = StoreRecordKind.Finished, Ranges = new ReadOnlySpan<StoreRange>(in range) });
        }

        Append(new StoreRecord { Kind = StoreRecordKind.Sent, Session = session.Number, Sequence = session.SentBelow });
        if (session.AwaySinceUtcMilliseconds is { } away)
        {
            Append(new StoreRecord
            {
                Kind = StoreRecordKind.SessionAway,
                Session = session.Number,
                Epoch = session.Epoch,
                UtcMilliseconds = away,
                Sequence = session.SentBelow,
            });
        }
    }

    public void AddSubscription(ulong session, ReadOnlySpan<byte> filter, byte options, uint identifier)
    {
        Append(new StoreRecord
        {
            Kind = StoreRecordKind.Subscribed,
            Session = session,
            Topic = filter,
            Options = options,
            Identifier = identifier,
        });
        Report = Report with { Subscriptions = Report.Subscriptions + 1 };
    }

    public void AddIncoming(ulong session, ushort packetIdentifier) =>
        Append(new StoreRecord { Kind = StoreRecordKind.Incoming, Session = session, PacketIdentifier = packetIdentifier });

    /// <summary>A delivery; its message is null when PUBREC has come for it.</summary>
    public void AddDelivery(ulong session, in RecoveredDelivery delivery, RecoveredMessage? message)
    {
        StoreReference reference = new(
            session,
            delivery.Sequence,
            delivery.Qos,
            delivery.Retain,
            delivery.Identifier,
            delivery.Identifiers,
            delivery.SharedFilter is { } filter ? Encoding.UTF8.GetBytes(filter) : null);
        AppendMessage(message, new ReadOnlySpan<StoreReference>(in reference), revision: 0);
        if (delivery.IsReceived)
        {
            Append(new StoreRecord { Kind = StoreRecordKind.Received, Session = session, Sequence = delivery.Sequence });
        }

        Report = Report with { Messages = Report.Messages + 1 };
    }

    public void AddRetained(RecoveredMessage message, ulong revision)
    {
        AppendMessage(message, default, revision);
        Report = Report with { Retained = Report.Retained + 1 };
    }

    /// <summary>Everything was added: the store is closed, and the next to open it is of a higher generation than this.</summary>
    public void Complete(uint generation, ulong retainedRevision)
    {
        if (retainedRevision > 0)
        {
            // So that no lower revision is ever given again, a message of the highest is deleted.
            Append(new StoreRecord { Kind = StoreRecordKind.Message, RetainedRevision = retainedRevision, RetainedFloor = retainedRevision });
        }

        Commit();
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Manifest manifest = ToolDirectory.ReadManifest(_directory);
        (manifest with { Generation = Math.Max(manifest.Generation, generation) }).Write(_directory);
    }

    public void Dispose() => _store.DisposeAsync().AsTask().GetAwaiter().GetResult();

    void IShardStoreEvents.Committed()
    {
        // The committer is stepped here.
    }

    void IShardStoreEvents.MessagesRead(ulong session, RecoveredMessage[] messages, ulong[] asked)
    {
        // Nothing is asked for.
    }

    void IShardStoreEvents.Failed()
    {
        // The step that has failed throws.
    }

    private void AddWill(ulong session, RecoveredWill will, uint epoch)
    {
        Append(new StoreRecord
        {
            Kind = StoreRecordKind.Will,
            Session = session,
            Epoch = epoch,
            Topic = will.Topic,
            Properties = will.Properties,
            Payload = will.Payload,
            Qos = will.Qos,
            Retain = will.Retain,
            Seconds = will.DelaySeconds,
            MessageExpirySeconds = will.MessageExpirySeconds,
        });
        Report = Report with { Wills = Report.Wills + 1 };
    }

    private void AppendMessage(RecoveredMessage? message, ReadOnlySpan<StoreReference> references, ulong revision) => Append(new StoreRecord
    {
        Kind = StoreRecordKind.Message,
        Session = message?.Publisher ?? 0,
        Topic = message is null ? default : message.Topic.Span,
        Properties = message is null ? default : message.Properties.Span,
        Payload = message is null ? default : message.Payload.Span,
        Qos = message?.Qos ?? QualityOfService.AtLeastOnce,
        Retain = message?.Retain ?? false,
        ExpiresAtUtcMilliseconds = message?.ExpiresAtUtcMilliseconds ?? long.MaxValue,
        RetainedRevision = revision,
        References = references,
    });

    private void Append(scoped in StoreRecord record)
    {
        _shard.Append(record);
        _bytes += 64 + record.Topic.Length + record.Properties.Length + record.Payload.Length;
        if (_bytes >= CommitBytes)
        {
            Commit();
        }
    }

    private void Commit()
    {
        _bytes = 0;
        ulong before;
        do
        {
            before = _shard.CommittedLsn;
            _store.StepCommitter(commitsAll: true);
            _store.StepWorker();
        }
        while (_shard.IsFull && _shard.CommittedLsn > before);
        if (_shard.IsFull)
        {
            throw new LogFullException($"the disk of {_directory.Path} is full");
        }
    }
}
