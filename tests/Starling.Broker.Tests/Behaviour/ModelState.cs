using Starling.Broker.Ports;
using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>What the records of a <see cref="ModelStore"/> amount to.</summary>
internal sealed class ModelState
{
    private readonly SortedDictionary<ulong, ModelSession> _sessions = [];
    private readonly Dictionary<string, StoredRecord> _retained = [];

    public void Apply(StoredRecord record)
    {
        if (record.Kind == StoreRecordKind.Message)
        {
            ApplyMessage(record);
        }
        else if (record.Kind == StoreRecordKind.SessionOpened)
        {
            if (!_sessions.TryGetValue(record.Session, out ModelSession? opened))
            {
                opened = new ModelSession();
                _sessions.Add(record.Session, opened);
            }

            opened.Opened = record;
            opened.Will = null;
            opened.AwaySince = null;
        }
        else if (record.Kind == StoreRecordKind.SessionEnded)
        {
            _sessions.Remove(record.Session);
        }
        else if (record.Kind == StoreRecordKind.Finished)
        {
            record.Ranges.ToList().ForEach(Finish);
        }
        else if (_sessions.TryGetValue(record.Session, out ModelSession? session))
        {
            session.Apply(record);
        }
    }

    public void Give(IRecoverySink sink, uint generation)
    {
        foreach ((ulong number, ModelSession session) in _sessions)
        {
            session.Give(number, sink);
        }

        foreach (StoredRecord retained in _retained.Values.Where(record => record.Payload.Length > 0))
        {
            sink.Retained(retained.ToMessage(0), retained.RetainedRevision);
        }

        sink.End(new RecoveredEnd(generation, _retained.Values.Select(record => record.RetainedRevision).DefaultIfEmpty().Max(), 0));
    }

    private void ApplyMessage(StoredRecord record)
    {
        foreach (StoreReference reference in record.References)
        {
            if (_sessions.TryGetValue(reference.Session, out ModelSession? receiver))
            {
                receiver.Deliveries[reference.Sequence] = (record, reference, false);
                receiver.NextSequence = Math.Max(receiver.NextSequence, reference.Sequence + 1);
            }
        }

        Finish(record.TakenFrom);
        if (_sessions.TryGetValue(record.Session, out ModelSession? publisher))
        {
            if (record.Qos == QualityOfService.ExactlyOnce && record.PacketIdentifier != 0)
            {
                publisher.Incoming.Add(record.PacketIdentifier);
            }

            publisher.Will = record.IsWill && publisher.Will?.Epoch == record.Epoch ? null : publisher.Will;
        }

        if (record.RetainedRevision != 0
            && (!_retained.TryGetValue(record.Topic, out StoredRecord? before) || before.RetainedRevision < record.RetainedRevision))
        {
            _retained[record.Topic] = record;
        }
    }

    private void Finish(StoreRange range)
    {
        if (_sessions.TryGetValue(range.Session, out ModelSession? session))
        {
            for (ulong sequence = range.From; sequence <= range.To; sequence++)
            {
                session.Deliveries.Remove(sequence);
            }
        }
    }
}
