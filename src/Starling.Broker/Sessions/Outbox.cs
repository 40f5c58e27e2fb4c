using System.Runtime.CompilerServices;
using Starling.Broker.Messages;
using Starling.Protocol;

namespace Starling.Broker.Sessions;

/// <summary>The QoS 1 and 2 deliveries of one session in sequence order, and what the client's answers do to them.</summary>
/// <param name="store">Holds the bodies; this outbox owns one reference for each unfinished delivery.</param>
/// <param name="firstSequence">The sequence number of the first delivery.</param>
internal sealed class Outbox(MessageStore store, ulong firstSequence = 0)
{
    /// <summary>The number of Packet Identifiers; zero is none [MQTT-2.2.1-4].</summary>
    public const int PacketIdentifierCount = 65535;

    // Fields, because they are structs that change in place.
    private OutboxRings _rings = new(firstSequence);
    private OutboxMessages _messages = new(store);

    /// <summary>Unfinished deliveries.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the bodies kept for unfinished deliveries, as if none were shared with another session.</summary>
    public long Bytes => _messages.Bytes;

    /// <summary>PUBLISH packets sent on this connection and not finished: what uses the client's Receive Maximum.</summary>
    public int OpenOnConnection { get; private set; }

    /// <summary>Whether <see cref="LongWaits"/> looks at it, the oldest delivery at its last look, and how far messages were moved.</summary>
    public bool IsWatched { get; set; }
    public ulong OldestSeen { get; set; }
    public ulong CopiedUpTo { get; set; }

    /// <summary>Whether there is something to send on this connection, for the first time or again.</summary>
    public bool HasUnsent => _rings.MustResend || !_rings.Queued.IsEmpty;

    /// <summary>The sequence number that the next <see cref="Append"/> gives.</summary>
    public ulong NextSequence => _rings.Queued.End;

    /// <summary>Deliveries below this sequence number were sent at least once.</summary>
    public ulong SentEnd => _rings.Sent.End;

    /// <summary>The sequence number of the oldest unfinished delivery; <see cref="NextSequence"/> when there is none.</summary>
    public ulong OldestSequence => _rings.Sent.IsEmpty ? _rings.Queued.First : _rings.Sent.First;

    /// <summary>Whether the next to send must wait because an unfinished delivery may use its Packet Identifier.</summary>
    public bool WindowIsSpent => !_rings.MustResend && !_rings.Queued.IsEmpty && _rings.Queued.First - OldestSequence >= PacketIdentifierCount;

    /// <summary>Whether a delivery that is appended now can have a Packet Identifier that no unfinished one uses.</summary>
    public bool HasWindow => NextSequence - OldestSequence < PacketIdentifierCount;

    /// <summary>All unfinished deliveries, oldest first; the outbox must not change meanwhile.</summary>
    public OutboxEnumerator Unfinished => _rings.Unfinished;

    /// <summary>The Packet Identifier of a delivery follows from its sequence number.</summary>
    public static ushort PacketIdentifierOf(ulong sequence) => (ushort)((sequence % PacketIdentifierCount) + 1);

    /// <summary>Adds a delivery and returns its sequence number. The caller sets what belongs to it; one reference to the message is taken over.</summary>
    /// <param name="delivery">What is to be delivered.</param>
    /// <param name="identifiers">Several Subscription Identifiers, an array that deliveries share; null in the common case.</param>
    public ulong Append(in OutboxEntry delivery, uint[]? identifiers = null)
    {
        ulong sequence = _rings.Queued.End;
        ref OutboxEntry entry = ref _rings.Queued.Add();
        entry = delivery;
        entry.State = OutboxState.Queued;
        _messages.Add(delivery, sequence, identifiers);
        Count++;
        Charge();
        return sequence;
    }

    /// <summary>Adds a delivery that is sent in this moment; only when nothing is unsent, and the window has room.</summary>
    /// <returns>Its sequence number.</returns>
    public ulong AppendSent(in OutboxEntry delivery, uint[]? identifiers = null)
    {
        ulong sequence = _rings.Queued.End;
        ref OutboxEntry entry = ref _rings.AddSent();
        entry = delivery;
        entry.State = OutboxState.Sent;
        entry.WasSent = true;
        _messages.Add(delivery, sequence, identifiers);
        Count++;
        CountOpen(ref entry);
        Charge();
        return sequence;
    }

    /// <summary>The Subscription Identifiers of a delivery that has several; null in the common case.</summary>
    public uint[]? IdentifiersOf(ulong sequence) => _messages.IdentifiersOf(sequence);

    /// <summary>
    /// The next delivery to send, which exists if <see cref="HasUnsent"/>: a PUBLISH (with DUP if it was sent before), or a PUBREL if
    /// it is released. It may be sent unless <see cref="WindowIsSpent"/>. The reference is valid until the outbox changes.
    /// </summary>
    public ref OutboxEntry Next(out ulong sequence)
    {
        sequence = _rings.Next;
        return ref _rings.MustResend ? ref _rings.Sent[sequence] : ref _rings.Queued[sequence];
    }

    /// <summary>Says that <see cref="Next"/> was sent.</summary>
    public void MarkSent()
    {
        if (_rings.MustResend)
        {
            ref OutboxEntry again = ref _rings.Sent[_rings.Resend];
            if (again.State == OutboxState.Sent)
            {
                CountOpen(ref again);
            }

            _rings.PassResend();
            return;
        }

        ref OutboxEntry entry = ref _rings.MoveFirstToSent();
        entry.State = OutboxState.Sent;
        entry.WasSent = true;
        CountOpen(ref entry);
        Charge();
    }

    /// <summary>A delivery was sent: if it is repeated one day, its message is read back.</summary>
    public void DropIfStored(ulong sequence)
    {
        ref OutboxEntry entry = ref _rings.Find(sequence);
        if (_messages.IsBacked && !Unsafe.IsNullRef(ref entry) && entry.IsStored)
        {
            _messages.Drop(ref entry);
        }
    }

    /// <summary>Gives <see cref="Next"/> up: it leaves a hole, and its body is released.</summary>
    public void SkipNext()
    {
        Finish(ref Next(out ulong sequence), sequence);
        _rings.Trim();
    }

    /// <summary>Gives up the oldest delivery that was never sent and is not pending; false if there is none.</summary>
    public bool DropOldestUnsent(out ulong dropped)
    {
        for (ulong sequence = _rings.Queued.First; sequence != _rings.Queued.End; sequence++)
        {
            ref OutboxEntry entry = ref _rings.Queued[sequence];
            if (entry is { State: OutboxState.Queued, IsPending: false })
            {
                dropped = sequence;
                Finish(ref entry, sequence);
                _rings.Trim();
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
        ref OutboxEntry entry = ref _rings.Find(sequence);
        if (Unsafe.IsNullRef(ref entry) || entry.State == OutboxState.Done)
        {
            return false;
        }

        bool wasPending = entry.IsPending;
        entry.IsPending = false;
        entry.IsStored = true;
        if (dropsMessage)
        {
            _messages.Drop(ref entry);
        }

        return wasPending;
    }

    /// <summary>The next deliveries to send whose messages are in the durable store, up to the room in the span and about so many bytes.</summary>
    /// <returns>How many sequence numbers were written.</returns>
    public int FindElsewhere(Span<ulong> sequences, int bytesMax, out int bytes)
    {
        bytes = 0;
        int count = 0;
        OutboxEnumerator unfinished = Unfinished;
        unfinished.SkipTo(_rings.Next);
        while (count < sequences.Length && bytes < bytesMax && unfinished.MoveNext())
        {
            ref OutboxEntry entry = ref unfinished.Entry;
            if (entry.Message.IsElsewhere)
            {
                sequences[count++] = unfinished.Sequence;
                bytes += entry.Message.ByteCount;
            }
        }

        return count;
    }

    /// <summary>Whether a delivery is neither acknowledged nor given up.</summary>
    public bool IsUnfinished(ulong sequence) => _rings.IsUnfinished(sequence);

    /// <summary>A message was read back: the outbox takes over one reference. False when it is not needed any more.</summary>
    public bool Fill(ulong sequence, StoredMessage message)
    {
        ref OutboxEntry entry = ref _rings.Find(sequence);
        if (Unsafe.IsNullRef(ref entry) || !entry.Message.IsElsewhere)
        {
            return false;
        }

        _messages.Fill(ref entry, message);
        return true;
    }

    /// <summary>Gives up a delivery whose message could not be read back; false when it is finished already.</summary>
    public bool GiveUp(ulong sequence)
    {
        ref OutboxEntry entry = ref _rings.Find(sequence);
        if (Unsafe.IsNullRef(ref entry) || !entry.Message.IsElsewhere)
        {
            return false;
        }

        Finish(ref entry, sequence);
        _rings.Trim();
        return true;
    }

    /// <summary>Takes a delivery over from an earlier run, behind all others; gaps in the sequence are deliveries that were finished.</summary>
    /// <param name="sequence">Not below <see cref="NextSequence"/>.</param>
    /// <param name="delivery">Its state says whether it is <see cref="OutboxState.Released"/>, or waits.</param>
    /// <param name="identifiers">Several Subscription Identifiers; null in the common case.</param>
    /// <param name="wasSent">Whether it was sent at least once, so that it goes out again first and with DUP.</param>
    public void Restore(ulong sequence, in OutboxEntry delivery, uint[]? identifiers, bool wasSent)
    {
        ref OutboxEntry entry = ref _rings.Restore(sequence, wasSent);
        entry = delivery;
        _messages.Add(delivery, sequence, identifiers);
        entry.WasSent = wasSent;
        entry.State = delivery.State == OutboxState.Released ? OutboxState.Released : wasSent ? OutboxState.Sent : OutboxState.Queued;
        Count++;
        Charge();
    }

    /// <summary>The end of what is restored: the next delivery gets this sequence number.</summary>
    public void ContinueAt(ulong sequence)
    {
        _rings.ContinueAt(sequence);
        Charge();
    }

    /// <summary>PUBACK has arrived: a QoS 1 delivery is finished.</summary>
    public OutboxAnswer Acknowledge(ushort packetIdentifier, out ulong sequence)
    {
        if (!_rings.TryFindSent(packetIdentifier, out sequence))
        {
            return OutboxAnswer.Unknown;
        }

        ref OutboxEntry entry = ref _rings.Sent[sequence];
        if (entry.Qos != QualityOfService.AtLeastOnce || entry.State != OutboxState.Sent)
        {
            return OutboxAnswer.Unknown;
        }

        Finish(ref entry, sequence);
        _rings.Trim();
        return OutboxAnswer.Done;
    }

    /// <summary>PUBREC has arrived: PUBREL is due, or the delivery is finished if the receiver refused it [MQTT-4.3.3-4].</summary>
    /// <param name="packetIdentifier">Of the PUBREC.</param>
    /// <param name="refused">Whether its Reason Code is 0x80 or greater.</param>
    /// <param name="sequence">Of the delivery, unless it is unknown.</param>
    public OutboxAnswer Receive(ushort packetIdentifier, bool refused, out ulong sequence)
    {
        if (!_rings.TryFindSent(packetIdentifier, out sequence))
        {
            return OutboxAnswer.Unknown;
        }

        ref OutboxEntry entry = ref _rings.Sent[sequence];
        if (entry.Qos != QualityOfService.ExactlyOnce || entry.State == OutboxState.Done)
        {
            return OutboxAnswer.Unknown;
        }

        if (refused)
        {
            Finish(ref entry, sequence);
            _rings.Trim();
            return OutboxAnswer.Done;
        }

        if (entry.State == OutboxState.Released)
        {
            return OutboxAnswer.AlreadyReleased;
        }

        // From here on only PUBREL is repeated, never the PUBLISH [MQTT-4.3.3-6].
        _messages.Release(ref entry);
        entry.State = OutboxState.Released;
        return OutboxAnswer.Released;
    }

    /// <summary>PUBCOMP has arrived: a released delivery is finished.</summary>
    public OutboxAnswer Complete(ushort packetIdentifier, out ulong sequence)
    {
        if (!_rings.TryFindSent(packetIdentifier, out sequence))
        {
            return OutboxAnswer.Unknown;
        }

        ref OutboxEntry entry = ref _rings.Sent[sequence];
        if (entry.State != OutboxState.Released)
        {
            return OutboxAnswer.Unknown;
        }

        Finish(ref entry, sequence);
        _rings.Trim();
        return OutboxAnswer.Done;
    }

    /// <summary>
    /// A new connection begins: what was sent and is not finished goes out again, in order and with its Packet Identifiers
    /// [MQTT-4.4.0-1], before what was never sent [MQTT311-4.6.0-1].
    /// </summary>
    public void Restart()
    {
        for (ulong sequence = _rings.Sent.First; sequence != _rings.Sent.End; sequence++)
        {
            _rings.Sent[sequence].IsOpenOnConnection = false;
        }

        OpenOnConnection = 0;
        _rings.Restart();
    }

    /// <summary>The session goes offline, or has waited long: stored messages leave the memory, the others move to the long-lived ones.</summary>
    /// <param name="from">The first sequence number that may not have been moved before.</param>
    /// <param name="countMax">How many to move at most.</param>
    /// <returns>Where to go on.</returns>
    public ulong CopyOut(ulong from = 0, int countMax = int.MaxValue)
    {
        OutboxEnumerator unfinished = Unfinished;
        unfinished.SkipTo(from);
        while (unfinished.MoveNext())
        {
            if (--countMax < 0)
            {
                return unfinished.Sequence;
            }

            _messages.CopyOut(ref unfinished.Entry);
        }

        _rings.ReleaseIfEmpty();
        Charge();
        return NextSequence;
    }

    /// <summary>Gives up everything; the sequence goes on.</summary>
    public void Clear()
    {
        OutboxEnumerator unfinished = Unfinished;
        while (unfinished.MoveNext())
        {
            Finish(ref unfinished.Entry, unfinished.Sequence);
        }

        _rings.Trim();
        _rings.ReleaseIfEmpty();
        Charge();
    }

    private void Charge() => _messages.ChargePlaces(_rings.CapacityBytes);

    private void CountOpen(ref OutboxEntry entry)
    {
        entry.IsOpenOnConnection = true;
        OpenOnConnection++;
    }

    private void Finish(ref OutboxEntry entry, ulong sequence)
    {
        _messages.Remove(ref entry, sequence);
        if (entry.IsOpenOnConnection)
        {
            OpenOnConnection--;
        }

        entry = default;
        Count--;
    }
}
