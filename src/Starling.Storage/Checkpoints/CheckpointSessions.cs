using Starling.Storage.Records;
using Starling.Storage.State;

namespace Starling.Storage.Checkpoints;

/// <summary>Takes the sessions of the index down, a record at a time.</summary>
internal sealed class CheckpointSessions(StoreState state)
{
    public const int RecordBytesMax = 64 << 10;

    private readonly int _end = state.Sessions.Slots.Length;
    private readonly List<uint[]> _identifiers = [];
    private readonly List<byte[]> _filters = [];
    private int _slot;
    private ulong _number;
    private int _subscriptionSlot;
    private int _subscriptionEnd;
    private ulong _sequence;
    private ulong _sequenceEnd;

    public long SessionCount { get; private set; }

    public long DeliveryCount { get; private set; }

    /// <summary>Writes the next record; false when there is none.</summary>
    public bool TryWriteNext(RecordBuffer buffer)
    {
        for (; _slot < _end; _slot++)
        {
            if (state.Sessions.Slots[_slot] is not { } session)
            {
                // It has ended meanwhile, and the log says so again.
                _number = 0;
                continue;
            }

            if (session.Number != _number)
            {
                WriteHead(buffer, session);
                return true;
            }

            if (_subscriptionSlot < Math.Min(_subscriptionEnd, session.Subscriptions.Slots.Length))
            {
                WriteSubscriptions(buffer, session.Subscriptions);
                return true;
            }

            if (_sequence < _sequenceEnd && session.TryNextDelivery(_sequence, out ulong next, out _) && next < _sequenceEnd)
            {
                WriteDeliveries(buffer, session);
                return true;
            }
        }

        return false;
    }

    private void WriteHead(RecordBuffer buffer, SessionState session)
    {
        _number = session.Number;
        _subscriptionSlot = 0;
        _subscriptionEnd = session.Subscriptions.Slots.Length;
        _sequence = 0;
        _sequenceEnd = session.NextSequence;
        SessionCount++;
        buffer.Begin();
        buffer.Write(state.Lsn);
        buffer.Write(session.Epoch);
        buffer.Write(session.ExpirySeconds);
        buffer.Write(session.NextSequence);
        buffer.Write(session.SentBelow);
        buffer.Write(session.AwaySinceUtcMilliseconds ?? 0);
        buffer.Write((byte)session.Version);
        buffer.Write((byte)((session.AwaySinceUtcMilliseconds is null ? 0 : CheckpointFormat.Away)
            | (session.UserName is null ? 0 : CheckpointFormat.UserName)
            | (session.Will is null ? 0 : CheckpointFormat.Will)));
        buffer.Write(session.ClientIdentifier);
        WriteBytes(buffer, session.UserName ?? []);
        buffer.Write((uint)(session.Incoming?.Count ?? 0));
        foreach (ushort identifier in session.Incoming ?? [])
        {
            buffer.Write(identifier);
        }

        if (session.Will is { } will)
        {
            WriteWill(buffer, will);
        }

        buffer.End(RecordType.CheckpointSession, session.Number, session.ClientIdentifier.Length, 0);
    }

    private static void WriteWill(RecordBuffer buffer, StoredWill will)
    {
        buffer.Write(will.Epoch);
        buffer.Write((byte)((byte)will.Qos | (will.Retain ? WillFormat.Retain : 0)));
        buffer.Write(will.MessageExpirySeconds is null ? (byte)0 : (byte)1);
        buffer.Write(will.DelaySeconds);
        buffer.Write(will.MessageExpirySeconds ?? 0);
        WriteBytes(buffer, will.Topic);
        WriteBytes(buffer, will.Properties);
        WriteBytes(buffer, will.Payload);
    }

    private void WriteSubscriptions(RecordBuffer buffer, SubscriptionTable subscriptions)
    {
        buffer.Begin();
        int count = 0;
        int end = Math.Min(_subscriptionEnd, subscriptions.Slots.Length);
        for (; _subscriptionSlot < end && buffer.RecordLength < RecordBytesMax; _subscriptionSlot++)
        {
            if (subscriptions.Slots[_subscriptionSlot] is { } subscription)
            {
                buffer.Write(subscription.Options);
                buffer.Write(subscription.Identifier);
                buffer.Write((ushort)subscription.Filter.Length);
                buffer.Write(subscription.Filter);
                count++;
            }
        }

        buffer.End(RecordType.CheckpointSubscriptions, _number, 0, count);
    }

    private void WriteDeliveries(RecordBuffer buffer, SessionState session)
    {
        _identifiers.Clear();
        _filters.Clear();
        buffer.Begin();
        int count = 0;
        while (buffer.RecordLength < RecordBytesMax && _sequence < _sequenceEnd
            && session.TryNextDelivery(_sequence, out ulong sequence, out QueueEntry entry) && sequence < _sequenceEnd)
        {
            if (session.IdentifiersOf(sequence, entry) is { } several)
            {
                _identifiers.Add(several);
            }

            buffer.Write(sequence);
            buffer.Write(entry.Bits);
            buffer.Write(entry.Identifier);
            buffer.Write(entry.Size);
            buffer.Write(NumberOf(session.SharedFilterOf(entry)));
            count++;
            _sequence = sequence + 1;
        }

        foreach (uint[] several in _identifiers)
        {
            buffer.Write((uint)several.Length);
            foreach (uint identifier in several)
            {
                buffer.Write(identifier);
            }
        }

        buffer.Write((ushort)_filters.Count);
        foreach (byte[] filter in _filters)
        {
            buffer.Write((ushort)filter.Length);
            buffer.Write(filter);
        }

        DeliveryCount += count;
        buffer.End(RecordType.CheckpointDeliveries, _number, 0, count);
    }

    // The numbers of the session may mean other filters by the time of the next record, so each record has its own.
    private ushort NumberOf(byte[]? filter)
    {
        if (filter is null)
        {
            return 0;
        }

        int index = _filters.FindIndex(known => ReferenceEquals(known, filter));
        if (index < 0)
        {
            index = _filters.Count;
            _filters.Add(filter);
        }

        return (ushort)(index + 1);
    }

    private static void WriteBytes(RecordBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        buffer.Write((uint)bytes.Length);
        buffer.Write(bytes);
    }
}
