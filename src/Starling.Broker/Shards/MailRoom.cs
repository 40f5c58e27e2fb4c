using System.Collections.Concurrent;
using Starling.Broker.Connections;
using Starling.Broker.Deliveries;
using Starling.Broker.Messages;
using Starling.Broker.Publishing;
using Starling.Broker.Routing;

namespace Starling.Broker.Shards;

/// <summary>
/// The letters of one shard. What an iteration makes for another shard is staged without any lock and handed over as one batch at its end; the
/// target is woken only if it sleeps.
/// </summary>
internal sealed class MailRoom(Shard shard)
{
    /// <summary>A staged batch that reaches this is handed over before the iteration ends.</summary>
    private const int BatchBytesMax = 256 << 10;

    private readonly ConcurrentQueue<Action> _fromOutside = new();
    private readonly MailBatch?[] _staged = new MailBatch?[shard.Engine.Options.Shards];
    private readonly bool[] _hasControl = new bool[shard.Engine.Options.Shards];
    private readonly List<BrokerConnection> _held = [];
    private int _unread;

    /// <summary>Whether anything waits to be read. Callable from any thread.</summary>
    public bool HasMail => Volatile.Read(ref _unread) != 0;

    /// <summary>One message for the sessions of another shard that match.</summary>
    public void Post(int target, in Message message, Gather? gather, DeliveryStage stage)
    {
        if (gather is not null)
        {
            gather.Awaited++;
        }

        bool isPlain = gather is null && stage == DeliveryStage.Whole;
        Stage(target, message, isPlain ? null : new LetterAddress(null, null, gather, stage));
    }

    /// <summary>One message for one member of a shared group.</summary>
    /// <returns>Whether the gather goes along, so that the member's shard answers it.</returns>
    public bool PostShared(in Message message, SharedMember member, SharedOrigin origin, Gather? gather, DeliveryStage stage)
    {
        bool isAsked = gather is not null && member.IsPersistent;
        if (gather is not null && isAsked && gather.Shard == shard)
        {
            gather.Awaited++;
        }

        Stage(member.Shard, message, new LetterAddress(member, origin, isAsked ? gather : null, stage));
        return isAsked;
    }

    public void PostControl(int target, IControlLetter letter)
    {
        shard.Engine.MailboxOf(shard.Index, target).Control.Enqueue(letter);
        _hasControl[target] = true;
    }

    /// <summary>Runs something on this shard's loop. Callable from any thread.</summary>
    public void PostFromOutside(Action action)
    {
        _fromOutside.Enqueue(action);
        NotifyUnread();
    }

    /// <summary>Whether a target of this shard had too much unread mail when it got the last, so that reading has to stop.</summary>
    public bool IsAnyFull { get; private set; }

    /// <summary>The connection is read again when the mailboxes have room.</summary>
    public void Hold(BrokerConnection connection)
    {
        connection.Pause(PauseReason.Mailbox);
        _held.Add(connection);
    }

    /// <summary>Whether connections wait for a mailbox, so that the loop must look again soon.</summary>
    public bool HasHeld => IsAnyFull;

    public void Read()
    {
        if (!HasMail)
        {
            return;
        }

        Volatile.Write(ref _unread, 0);
        Interlocked.MemoryBarrier();
        bool isRead = false;
        try
        {
            ReadAll();
            isRead = true;
        }
        finally
        {
            if (!isRead)
            {
                // A fault of our own: the rest is read in the next iteration.
                NotifyUnread();
            }
        }
    }

    private void ReadAll()
    {
        while (_fromOutside.TryDequeue(out Action? action))
        {
            action();
        }

        for (int from = 0; from < _staged.Length; from++)
        {
            Mailbox box = shard.Engine.MailboxOf(from, shard.Index);
            while (box.Control.TryDequeue(out IControlLetter? letter))
            {
                letter.Deliver(shard);
            }

            // What is there now is read; what arrives meanwhile belongs to the next iteration.
            for (int count = box.Data.Count; count > 0 && box.Data.TryDequeue(out MailBatch? batch); count--)
            {
                Read(box, batch);
            }
        }
    }

    /// <summary>Hands over what this iteration made, and lets those read on who waited for room.</summary>
    public void HandOver()
    {
        for (int target = 0; target < _staged.Length; target++)
        {
            if (_staged[target] is not null)
            {
                HandOver(target);
            }
            else if (_hasControl[target])
            {
                _hasControl[target] = false;
                shard.Engine.ShardAt(target).Mail.NotifyUnread();
            }
        }

        if (IsAnyFull && AllHaveRoom())
        {
            IsAnyFull = false;
            foreach (BrokerConnection connection in _held)
            {
                connection.Resume(PauseReason.Mailbox);
            }

            _held.Clear();
        }
    }

    private void Stage(int target, in Message message, in LetterAddress? address)
    {
        MailBatch? batch = _staged[target];
        if (batch is null)
        {
            Mailbox box = shard.Engine.MailboxOf(shard.Index, target);
            batch = box.Empties.TryDequeue(out MailBatch? empty) ? empty : new MailBatch();
            _staged[target] = batch;
        }

        batch.Add(message, address);
        if (batch.ByteCount >= BatchBytesMax)
        {
            HandOver(target);
        }
    }

    private void HandOver(int target)
    {
        if (_staged[target] is not { } batch)
        {
            return;
        }

        _staged[target] = null;
        _hasControl[target] = false;
        Mailbox box = shard.Engine.MailboxOf(shard.Index, target);
        box.Put(batch);
        IsAnyFull |= box.IsFull;
        shard.Engine.ShardAt(target).Mail.NotifyUnread();
    }

    private bool AllHaveRoom()
    {
        for (int target = 0; target < _staged.Length; target++)
        {
            if (target != shard.Index && !shard.Engine.MailboxOf(shard.Index, target).HasRoom)
            {
                return false;
            }
        }

        return true;
    }

    private void NotifyUnread()
    {
        Volatile.Write(ref _unread, 1);
        Interlocked.MemoryBarrier();
        shard.Loop?.Wake();
    }

    private void Read(Mailbox box, MailBatch batch)
    {
        try
        {
            Read(batch);
        }
        finally
        {
            // Also after a fault, or the mailbox would stay full for ever.
            box.GiveBack(batch);
        }
    }

    private void Read(MailBatch batch)
    {
        while (batch.TryRead(out Message message, out LetterAddress address))
        {
            if (address.Member is { } member)
            {
                shard.LocalDeliveries.Begin(address.Stage);
                if (!shard.SharedDeliveries.Receive(ref message, member, address))
                {
                    shard.Router.Answer(message, address.Gather);
                }

                shard.LocalDeliveries.End();
            }
            else
            {
                shard.Router.Receive(ref message, address.Gather, address.Stage);
            }
        }
    }
}
