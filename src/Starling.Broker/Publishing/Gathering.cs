using System.Runtime.InteropServices;
using Starling.Broker.Messages;
using Starling.Broker.Ports;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;

namespace Starling.Broker.Publishing;

/// <summary>
/// Gathers the persistent receivers of one message from several shards into its one record. A shard answers in the iteration that takes the
/// request and waits for nothing, so gathers cannot lock each other; the records of one publisher keep the order of its messages.
/// </summary>
internal sealed class Gathering(Shard shard)
{
    public Gather Begin(in Message message, in MessageOrigin origin, Session? publisher)
    {
        Gather gather = new(shard, shard.Messages.Hold(message), origin, publisher) { Awaited = 1 };
        if (publisher is not null)
        {
            Enqueue(gather, publisher);
        }

        return gather;
    }

    /// <summary>The Will of a session in the store: its record has its place among those of the client's messages.</summary>
    public Gather BeginWill(StoredMessage message, in MessageOrigin origin, Session publisher, Action stored)
    {
        Gather gather = new(shard, message, origin, publisher)
        {
            Awaited = 1,
            Appended = () => shard.Sessions.WillIsRecorded(publisher),
            Stored = stored,
        };
        Enqueue(gather, publisher);
        return gather;
    }

    /// <summary>A delivery of an ended session that goes to another member of its group.</summary>
    public Gather BeginHandOver(in Message message, StoreRange takenFrom, Action appended) =>
        new(shard, shard.Messages.Hold(message), new MessageOrigin(0, 0, 0, TakenFrom: takenFrom), null) { Awaited = 1, Appended = appended };

    private static void Enqueue(Gather gather, Session publisher) => (publisher.MakeStored().Gathers ??= new Queue<Gather>()).Enqueue(gather);

    /// <summary>This shard's own receivers; the gather may be complete with them.</summary>
    public void AddOwn(Gather gather, ReadOnlySpan<StoreReference> references)
    {
        Reserve(references);
        gather.References.AddRange(references);
        if (references.Length > 0)
        {
            gather.Reserved.Add((shard.Index, references.ToArray()));
        }

        Count(gather);
    }

    public void Receive(Gather gather, int from, StoreReference[] references)
    {
        gather.References.AddRange(references);
        if (references.Length > 0)
        {
            gather.Reserved.Add((from, references));
        }

        Count(gather);
    }

    /// <summary>The record of these deliveries is still to come; until then there is no other about them.</summary>
    public void Reserve(ReadOnlySpan<StoreReference> references)
    {
        foreach (ref readonly StoreReference reference in references)
        {
            if (shard.Sessions.Find(reference.Session) is { } session)
            {
                // Too large or expired, a copy may be given up before this.
                bool isFinished = session.Outbox?.IsUnfinished(reference.Sequence) != true;
                (session.MakeStored().Unrecorded ??= []).TryAdd(reference.Sequence, isFinished);
            }
        }
    }

    /// <summary>The record of reserved deliveries is stored.</summary>
    public void Settle(ReadOnlySpan<StoreReference> references)
    {
        foreach (ref readonly StoreReference reference in references)
        {
            if (shard.Sessions.Find(reference.Session) is { Stored.Unrecorded: { } unrecorded } session
                && unrecorded.Remove(reference.Sequence, out bool isFinished) && isFinished)
            {
                shard.Records.Finished(session, reference.Sequence);
            }

            shard.Backlogs.FindHandOver(reference.Session)?.Settle(reference.Sequence);
        }

        Release(references);
    }

    /// <summary>QoS 2 copies that wait for their record leave once it is stored.</summary>
    public void ReleaseWhenStored(ulong lsn, ReadOnlySpan<StoreReference> references)
    {
        if (lsn <= shard.Store.CommittedLsn)
        {
            Release(references);
            return;
        }

        shard.Records.ReleaseWhenStored(lsn, references);
    }

    public void Release(ReadOnlySpan<StoreReference> references)
    {
        foreach (ref readonly StoreReference reference in references)
        {
            if ((reference.Qos == Protocol.QualityOfService.ExactlyOnce || shard.Messages.IsBacked)
                && shard.Sessions.Find(reference.Session) is { Outbox: { } outbox } session
                && outbox.SetCommitted(reference.Sequence, shard.Messages.IsBacked && session.Connection is null))
            {
                shard.Deliveries.Pump(session);
            }
        }
    }

    private void Count(Gather gather)
    {
        if (--gather.Awaited > 0)
        {
            return;
        }

        if (gather.Publisher?.Stored?.Gathers is not { } queue)
        {
            Append(gather);
            return;
        }

        while (queue.TryPeek(out Gather? first) && first.Awaited == 0)
        {
            queue.Dequeue();
            Append(first);
        }
    }

    private void Append(Gather gather)
    {
        Message message = shard.Messages.Read(gather.Message);
        ulong lsn = IsEmpty(gather, message)
            ? 0
            : shard.Records.Message(message, gather.Origin, CollectionsMarshal.AsSpan(gather.References));
        shard.Messages.Release(gather.Message);
        gather.Ticket.Lsn = lsn;
        if (message.Qos == Protocol.QualityOfService.ExactlyOnce)
        {
            gather.Publisher?.Incoming?.SetLsn(gather.Origin.PacketIdentifier, lsn);
        }

        gather.Appended?.Invoke();
        shard.Records.WhenStored(lsn, () => Stored(gather));
    }

    /// <summary>Nobody took it, and nothing else is to be remembered.</summary>
    private static bool IsEmpty(Gather gather, in Message message) =>
        gather.References.Count == 0 && gather.Origin is { TakenFrom.Session: 0, RetainedRevision: 0, IsWill: false }
        && !(message.Qos == Protocol.QualityOfService.ExactlyOnce && gather.Publisher is { IsPersistent: true });

    private void Stored(Gather gather)
    {
        foreach ((int target, StoreReference[] references) in gather.Reserved)
        {
            if (target == shard.Index)
            {
                Settle(references);
            }
            else
            {
                shard.Mail.PostControl(target, new GatherStored(references));
            }
        }

        gather.Stored?.Invoke();
        shard.Waiting.Release(shard.Store.CommittedLsn);
    }
}
