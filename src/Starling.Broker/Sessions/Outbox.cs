using System.Runtime.CompilerServices;
using Starling.Broker.Messages;
using Starling.Protocol;

namespace Starling.Broker.Sessions;

/// <summary>
/// The QoS 1 and 2 deliveries of one session in sequence order. Those sent once stand apart from those never sent: what is dropped
/// among the latter then leaves a gap between the two, and not holes that last until the oldest sent one is finished.
/// </summary>
/// <param name="store">Holds the bodies; this outbox owns one reference for each unfinished delivery.</param>
/// <param name="firstSequence">The sequence number of the first delivery.</param>
internal sealed class Outbox(MessageStore store, ulong firstSequence = 0)
{
    /// <summary>The number of Packet Identifiers; zero is none [MQTT-2.2.1-4].</summary>
    public const int PacketIdentifierCount = 65535;

    private OutboxRing _sent = new(firstSequence);
    private OutboxRing _queued = new(firstSequence);

    // The next of those sent once that goes out again on this connection; the end of _sent when there is none.
    private ulong _resend = firstSequence;
    private long _chargedBytes;

    /// <summary>Unfinished deliveries.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the bodies of unfinished deliveries, as if none were shared with another session.</summary>
    public long Bytes { get; private set; }

    /// <summary>PUBLISH packets sent on this connection and not finished: what uses the client's Receive Maximum.</summary>
    public int OpenOnConnection { get; private set; }

    /// <summary>Whether there is something to send on this connection, for the first time or again.</summary>
    public bool HasUnsent => _resend != _sent.End || !_queued.IsEmpty;

    /// <summary>The sequence number that the next <see cref="Append"/> gives.</summary>
    public ulong NextSequence => _queued.End;

    /// <summary>Deliveries below this sequence number were sent at least once.</summary>
    public ulong SentEnd => _sent.End;

    /// <summary>The sequence number of the oldest unfinished delivery; <see cref="NextSequence"/> when there is none.</summary>
    public ulong OldestSequence => _sent.IsEmpty ? _queued.First : _sent.First;

    /// <summary>Whether the next to send must wait because an unfinished delivery may use its Packet Identifier.</summary>
    public bool WindowIsSpent => _resend == _sent.End && !_queued.IsEmpty && _queued.First - OldestSequence >= PacketIdentifierCount;

    /// <summary>All unfinished deliveries, oldest first; the outbox must not change meanwhile.</summary>
    public OutboxEnumerator Unfinished => new(ref _sent, ref _queued);

    /// <summary>The Packet Identifier of a delivery follows from its sequence number.</summary>
    public static ushort PacketIdentifierOf(ulong sequence) => (ushort)((sequence % PacketIdentifierCount) + 1);

    /// <summary>
    /// Adds a delivery and returns its sequence number. Of the entry, the caller sets what belongs to the delivery: the message (one
    /// reference is taken over), QoS 1 or 2, RETAIN, identifiers, shared, pending.
    /// </summary>
    public ulong Append(in OutboxEntry delivery)
    {
        ulong sequence = _queued.End;
        ref OutboxEntry entry = ref _queued.Add();
        entry = delivery;
        entry.State = OutboxState.Queued;
        Count++;
        Bytes += delivery.Message.ByteCount;
        Charge();
        return sequence;
    }

    /// <summary>
    /// The next delivery to send, which exists if <see cref="HasUnsent"/>: a PUBLISH (with DUP if it was sent before), or a PUBREL if
    /// it is released. It may be sent unless <see cref="WindowIsSpent"/>. The reference is valid until the outbox changes.
    /// </summary>
    public ref OutboxEntry Next(out ulong sequence)
    {
        sequence = _resend != _sent.End ? _resend : _queued.First;
        return ref _resend != _sent.End ? ref _sent[_resend] : ref _queued[_queued.First];
    }

    /// <summary>Says that <see cref="Next"/> was sent.</summary>
    public void MarkSent()
    {
        if (_resend != _sent.End)
        {
            ref OutboxEntry again = ref _sent[_resend++];
            if (again.State == OutboxState.Sent)
            {
                CountOpen(ref again);
            }

            SkipDone();
            return;
        }

        ref OutboxEntry entry = ref ExtendSentTo(_queued.First);
        entry = _queued[_queued.First];
        entry.State = OutboxState.Sent;
        entry.WasSent = true;
        CountOpen(ref entry);
        _queued.RemoveFirst();
        Charge();
    }

    /// <summary>Gives <see cref="Next"/> up: it leaves a hole, and its body is released.</summary>
    public void SkipNext()
    {
        Finish(ref Next(out _));
        Trim();
    }

    /// <summary>Gives up the oldest delivery that was never sent and is not pending; false if there is none.</summary>
    public bool DropOldestUnsent(out ulong dropped)
    {
        for (ulong sequence = _queued.First; sequence != _queued.End; sequence++)
        {
            ref OutboxEntry entry = ref _queued[sequence];
            if (entry is { State: OutboxState.Queued, IsPending: false })
            {
                dropped = sequence;
                Finish(ref entry);
                Trim();
                return true;
            }
        }

        dropped = 0;
        return false;
    }

    /// <summary>Says that the record of a delivery is committed; false if it is finished already or was not pending.</summary>
    /// <param name="sequence">Of the delivery.</param>
    /// <param name="dropsMessage">Whether nobody needs the message soon, so that its memory is given back and it is read again later.</param>
    public bool SetCommitted(ulong sequence, bool dropsMessage)
    {
        ref OutboxEntry entry = ref Find(sequence);
        if (Unsafe.IsNullRef(ref entry) || entry.State == OutboxState.Done)
        {
            return false;
        }

        bool wasPending = entry.IsPending;
        entry.IsPending = false;
        entry.IsStored = true;
        if (dropsMessage)
        {
            DropMessage(ref entry);
        }

        return wasPending;
    }

    /// <summary>
    /// The next deliveries to send whose messages are in the durable store, up to the room in the span and about so many bytes.
    /// </summary>
    /// <returns>How many sequence numbers were written.</returns>
    public int FindElsewhere(Span<ulong> sequences, int bytesMax)
    {
        int count = 0;
        OutboxEnumerator unfinished = Unfinished;
        unfinished.SkipTo(_resend != _sent.End ? _resend : _queued.First);
        while (count < sequences.Length && bytesMax > 0 && unfinished.MoveNext())
        {
            ref OutboxEntry entry = ref unfinished.Entry;
            if (entry.Message.IsElsewhere)
            {
                sequences[count++] = unfinished.Sequence;
                bytesMax -= entry.Message.ByteCount;
            }
        }

        return count;
    }

    /// <summary>A message was read back: the outbox takes over one reference. False when it is not needed any more.</summary>
    public bool Fill(ulong sequence, StoredMessage message)
    {
        ref OutboxEntry entry = ref Find(sequence);
        if (Unsafe.IsNullRef(ref entry) || !entry.Message.IsElsewhere)
        {
            return false;
        }

        Bytes += message.ByteCount - entry.Message.ByteCount;
        entry.Message = message;
        return true;
    }

    /// <summary>Gives up a delivery whose message could not be read back; false when it is finished already.</summary>
    public bool GiveUp(ulong sequence)
    {
        ref OutboxEntry entry = ref Find(sequence);
        if (Unsafe.IsNullRef(ref entry) || !entry.Message.IsElsewhere)
        {
            return false;
        }

        Finish(ref entry);
        Trim();
        return true;
    }

    /// <summary>Takes a delivery over from an earlier run, behind all others; gaps in the sequence are deliveries that were finished.</summary>
    /// <param name="sequence">Not below <see cref="NextSequence"/>.</param>
    /// <param name="delivery">Its state says whether it is <see cref="OutboxState.Released"/>, or waits.</param>
    /// <param name="wasSent">Whether it was sent at least once, so that it goes out again first and with DUP.</param>
    public void Restore(ulong sequence, in OutboxEntry delivery, bool wasSent)
    {
        ref OutboxRing ring = ref wasSent ? ref _sent : ref _queued;
        if (ring.IsEmpty)
        {
            ring.MoveTo(sequence);
        }

        while (ring.End != sequence)
        {
            ring.Add();
        }

        ref OutboxEntry entry = ref ring.Add();
        entry = delivery;
        entry.WasSent = wasSent;
        entry.State = delivery.State == OutboxState.Released ? OutboxState.Released : wasSent ? OutboxState.Sent : OutboxState.Queued;
        Count++;
        Bytes += delivery.Message.ByteCount;
        if (wasSent && _queued.IsEmpty)
        {
            _queued.MoveTo(sequence + 1);
        }

        _resend = _sent.First;
        Charge();
    }

    /// <summary>The end of what is restored: the next delivery gets this sequence number.</summary>
    public void ContinueAt(ulong sequence)
    {
        if (_queued.IsEmpty)
        {
            _queued.MoveTo(sequence);
        }

        while (_queued.End < sequence)
        {
            _queued.Add();
        }

        _queued.TrimFront();
        if (_sent.IsEmpty)
        {
            _sent.MoveTo(_queued.First);
        }

        _resend = _sent.First;
        Charge();
    }

    /// <summary>PUBACK has arrived: a QoS 1 delivery is finished.</summary>
    public OutboxAnswer Acknowledge(ushort packetIdentifier, out ulong sequence)
    {
        if (!TryFindSent(packetIdentifier, out sequence))
        {
            return OutboxAnswer.Unknown;
        }

        ref OutboxEntry entry = ref _sent[sequence];
        if (entry.Qos != QualityOfService.AtLeastOnce || entry.State != OutboxState.Sent)
        {
            return OutboxAnswer.Unknown;
        }

        Finish(ref entry);
        Trim();
        return OutboxAnswer.Done;
    }

    /// <summary>PUBREC has arrived: PUBREL is due, or the delivery is finished if the receiver refused it [MQTT-4.3.3-4].</summary>
    /// <param name="packetIdentifier">Of the PUBREC.</param>
    /// <param name="refused">Whether its Reason Code is 0x80 or greater.</param>
    /// <param name="sequence">Of the delivery, unless it is unknown.</param>
    public OutboxAnswer Receive(ushort packetIdentifier, bool refused, out ulong sequence)
    {
        if (!TryFindSent(packetIdentifier, out sequence))
        {
            return OutboxAnswer.Unknown;
        }

        ref OutboxEntry entry = ref _sent[sequence];
        if (entry.Qos != QualityOfService.ExactlyOnce || entry.State == OutboxState.Done)
        {
            return OutboxAnswer.Unknown;
        }

        if (refused)
        {
            Finish(ref entry);
            Trim();
            return OutboxAnswer.Done;
        }

        if (entry.State == OutboxState.Released)
        {
            return OutboxAnswer.AlreadyReleased;
        }

        // From here on only PUBREL is repeated, never the PUBLISH [MQTT-4.3.3-6].
        ReleaseBody(ref entry);
        entry.State = OutboxState.Released;
        return OutboxAnswer.Released;
    }

    /// <summary>PUBCOMP has arrived: a released delivery is finished.</summary>
    public OutboxAnswer Complete(ushort packetIdentifier, out ulong sequence)
    {
        if (!TryFindSent(packetIdentifier, out sequence))
        {
            return OutboxAnswer.Unknown;
        }

        ref OutboxEntry entry = ref _sent[sequence];
        if (entry.State != OutboxState.Released)
        {
            return OutboxAnswer.Unknown;
        }

        Finish(ref entry);
        Trim();
        return OutboxAnswer.Done;
    }

    /// <summary>
    /// A new connection begins: whatever was sent and is not finished goes out again, in the original order and with the original
    /// Packet Identifiers [MQTT-4.4.0-1], before what was never sent [MQTT311-4.6.0-1].
    /// </summary>
    public void Restart()
    {
        for (ulong sequence = _sent.First; sequence != _sent.End; sequence++)
        {
            _sent[sequence].IsOpenOnConnection = false;
        }

        OpenOnConnection = 0;
        _resend = _sent.First;
    }

    /// <summary>
    /// The session goes offline, or has waited long: messages that are stored leave the memory, the others move to the long-lived ones.
    /// </summary>
    /// <param name="from">The first sequence number that may not have been moved before.</param>
    public void CopyOut(ulong from = 0)
    {
        OutboxEnumerator unfinished = Unfinished;
        unfinished.SkipTo(from);
        while (unfinished.MoveNext())
        {
            ref OutboxEntry entry = ref unfinished.Entry;
            if (entry.IsStored && store.IsBacked)
            {
                DropMessage(ref entry);
            }
            else if (!entry.Message.IsNone)
            {
                entry.Message = store.CopyOut(entry.Message);
            }
        }

        _sent.ReleaseIfEmpty();
        _queued.ReleaseIfEmpty();
        Charge();
    }

    /// <summary>Gives up everything; the sequence goes on.</summary>
    public void Clear()
    {
        OutboxEnumerator unfinished = Unfinished;
        while (unfinished.MoveNext())
        {
            Finish(ref unfinished.Entry);
        }

        Trim();
        _sent.ReleaseIfEmpty();
        _queued.ReleaseIfEmpty();
        Charge();
    }

    // A backlog of small messages is mostly places, so they count as memory too.
    private void Charge()
    {
        long bytes = _sent.CapacityBytes + _queued.CapacityBytes;
        if (bytes != _chargedBytes)
        {
            store.Charge(bytes - _chargedBytes);
            _chargedBytes = bytes;
        }
    }

    // Sequence numbers of sent deliveries span less than all identifiers, so an identifier means at most one of them.
    private bool TryFindSent(ushort packetIdentifier, out ulong sequence)
    {
        int distance = packetIdentifier - PacketIdentifierOf(_sent.First);
        if (distance < 0)
        {
            distance += PacketIdentifierCount;
        }

        sequence = _sent.First + (ulong)distance;
        return packetIdentifier != 0 && sequence < _sent.End;
    }

    private ref OutboxEntry ExtendSentTo(ulong sequence)
    {
        if (_sent.IsEmpty)
        {
            _sent.MoveTo(sequence);
        }

        while (_sent.End != sequence)
        {
            _sent.Add();
        }

        ref OutboxEntry entry = ref _sent.Add();
        _resend = _sent.End;
        return ref entry;
    }

    private void CountOpen(ref OutboxEntry entry)
    {
        entry.IsOpenOnConnection = true;
        OpenOnConnection++;
    }

    private void Finish(ref OutboxEntry entry)
    {
        ReleaseBody(ref entry);
        if (entry.IsOpenOnConnection)
        {
            OpenOnConnection--;
        }

        entry = default;
        Count--;
    }

    private void ReleaseBody(ref OutboxEntry entry)
    {
        Bytes -= entry.Message.ByteCount;
        if (!entry.Message.IsNone)
        {
            store.Release(entry.Message);
        }

        entry.Message = default;
    }

    private void DropMessage(ref OutboxEntry entry)
    {
        if (!entry.Message.IsNone)
        {
            store.Release(entry.Message);
            entry.Message = StoredMessage.Elsewhere(entry.Message.ByteCount);
        }
    }

    /// <summary>A null reference when the sequence number stands for nothing any more.</summary>
    private ref OutboxEntry Find(ulong sequence)
    {
        ref OutboxRing ring = ref sequence >= _queued.First ? ref _queued : ref _sent;
        if (sequence < ring.First || sequence >= ring.End)
        {
            return ref Unsafe.NullRef<OutboxEntry>();
        }

        return ref ring[sequence];
    }

    private void Trim()
    {
        SkipDone();
        _sent.TrimFront();
        _queued.TrimFront();
    }

    private void SkipDone()
    {
        while (_resend != _sent.End && _sent[_resend].State == OutboxState.Done)
        {
            _resend++;
        }
    }
}
