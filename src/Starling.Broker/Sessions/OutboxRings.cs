using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Starling.Broker.Sessions;

/// <summary>
/// The places of an outbox: those sent once stand apart from those never sent, so what is dropped among the latter leaves a gap between the two, and not
/// holes that last until the oldest sent one is finished. A part of its outbox, never copied.
/// </summary>
internal struct OutboxRings(ulong firstSequence)
{
    /// <summary>Those sent once. A field, because a ring is never copied.</summary>
    public OutboxRing Sent = new(firstSequence);

    /// <summary>Those never sent. A field, because a ring is never copied.</summary>
    public OutboxRing Queued = new(firstSequence);

    /// <summary>The next of those sent once that goes out again on this connection; the end of <see cref="Sent"/> when there is none.</summary>
    public ulong Resend { readonly get; private set; } = firstSequence;

    public readonly bool MustResend => Resend != Sent.End;

    /// <summary>The next to send: one that goes out again, or the first that was never sent.</summary>
    public readonly ulong Next => MustResend ? Resend : Queued.First;

    public readonly long CapacityBytes => Sent.CapacityBytes + Queued.CapacityBytes;

    [UnscopedRef]
    public OutboxEnumerator Unfinished => new(ref Sent, ref Queued);

    /// <summary>A null reference when the sequence number stands for nothing any more.</summary>
    public ref OutboxEntry Find(ulong sequence)
    {
        ref OutboxRing ring = ref sequence >= Queued.First ? ref Queued : ref Sent;
        if (sequence < ring.First || sequence >= ring.End)
        {
            return ref Unsafe.NullRef<OutboxEntry>();
        }

        return ref ring[sequence];
    }

    public bool IsUnfinished(ulong sequence)
    {
        ref OutboxEntry entry = ref Find(sequence);
        return !Unsafe.IsNullRef(ref entry) && entry.State != OutboxState.Done;
    }

    /// <summary>
    /// Sequence numbers of sent deliveries span less than all identifiers, so an identifier means at most one of them.
    /// </summary>
    public bool TryFindSent(ushort packetIdentifier, out ulong sequence)
    {
        int distance = packetIdentifier - Outbox.PacketIdentifierOf(Sent.First);
        if (distance < 0)
        {
            distance += Outbox.PacketIdentifierCount;
        }

        sequence = Sent.First + (ulong)distance;
        return packetIdentifier != 0 && sequence < Sent.End;
    }

    /// <summary>The first that was never sent becomes the last of those sent; its place there is returned.</summary>
    public ref OutboxEntry MoveFirstToSent()
    {
        ref OutboxEntry entry = ref Extend(ref Sent, Queued.First);
        entry = Queued[Queued.First];
        Queued.RemoveFirst();
        Resend = Sent.End;
        return ref entry;
    }

    /// <summary>A new last one of those sent, which was never queued; only when nothing is queued.</summary>
    public ref OutboxEntry AddSent()
    {
        ref OutboxEntry entry = ref Extend(ref Sent, Queued.First);
        Queued.MoveTo(Queued.First + 1);
        Resend = Sent.End;
        return ref entry;
    }

    /// <summary>The one that goes out again has been sent.</summary>
    public void PassResend()
    {
        Resend++;
        SkipDone();
    }

    /// <summary>Everything sent once and not finished goes out again.</summary>
    public void Restart() => Resend = Sent.First;

    /// <summary>Removes what is done at the fronts.</summary>
    public void Trim()
    {
        SkipDone();
        Sent.TrimFront();
        Queued.TrimFront();
    }

    public void ReleaseIfEmpty()
    {
        Sent.ReleaseIfEmpty();
        Queued.ReleaseIfEmpty();
    }

    /// <summary>A place of an earlier run, behind all others of its ring.</summary>
    public ref OutboxEntry Restore(ulong sequence, bool wasSent)
    {
        if (wasSent && Queued.IsEmpty)
        {
            Queued.MoveTo(sequence + 1);
        }

        return ref wasSent ? ref Extend(ref Sent, sequence) : ref Extend(ref Queued, sequence);
    }

    /// <summary>The end of what is restored: the next delivery gets this sequence number.</summary>
    public void ContinueAt(ulong sequence)
    {
        if (Queued.IsEmpty)
        {
            Queued.MoveTo(sequence);
        }

        while (Queued.End < sequence)
        {
            Queued.Add();
        }

        Queued.TrimFront();
        if (Sent.IsEmpty)
        {
            Sent.MoveTo(Queued.First);
        }

        Restart();
    }

    /// <summary>Adds the place of a sequence number; those that are left out are done.</summary>
    private static ref OutboxEntry Extend(scoped ref OutboxRing ring, ulong sequence)
    {
        if (ring.IsEmpty)
        {
            ring.MoveTo(sequence);
        }

        if (sequence < ring.End)
        {
            throw new InvalidOperationException($"Delivery {sequence} comes after {ring.End}.");
        }

        while (ring.End != sequence)
        {
            ring.Add();
        }

        return ref ring.Add();
    }

    private void SkipDone()
    {
        while (Resend != Sent.End && Sent[Resend].State == OutboxState.Done)
        {
            Resend++;
        }
    }
}
