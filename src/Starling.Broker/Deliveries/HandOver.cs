using Starling.Broker.Connections;
using Starling.Broker.Diagnostics;
using Starling.Broker.Messages;
using Starling.Broker.Ports;
using Starling.Broker.Publishing;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Protocol;

namespace Starling.Broker.Deliveries;

/// <summary>
/// Gives what an ended session leaves to other members of its groups: QoS 1 not acknowledged, and QoS 2 not yet sent; QoS 2 already sent goes to nobody
/// else [MQTT-4.8.2-5]. The session ends in the store behind the last of them, so that recovery goes on where a crash has interrupted it.
/// </summary>
internal sealed class HandOver
{
    private const int PieceMessages = 64;

    private readonly Shard _shard;
    private readonly Session _session;

    // Most sessions that end leave nothing, so these are made when something is left.
    private Queue<Left>? _left;
    private Dictionary<ulong, (StoredMessage Message, SharedOrigin Origin)>? _reserved;
    private ulong[] _asked = [];
    private int _open = 1;
    private bool _hasBegun;

    public HandOver(Shard shard, Session session)
    {
        _shard = shard;
        _session = session;
    }

    /// <summary>What the CONNACK of a Clean Start waits for: the record of the session's end.</summary>
    public LateTicket Ended { get; } = new();

    /// <summary>Hands over what is in memory, and begins to read the rest back.</summary>
    /// <returns>How many deliveries go to others.</returns>
    public int Begin()
    {
        if (_session.Stored is { WillsUnderWay: > 0 } stored)
        {
            // The Will goes into the log before the end of its session.
            _open++;
            stored.WhenWillsAreRecorded += CountDown;
        }

        int count = Walk();
        ReadNext();
        if (_open > 1)
        {
            _shard.Backlogs.Add(_session.Number, this);
        }

        CountDown();
        _hasBegun = true;
        return count;
    }

    /// <summary>The record of a reserved delivery is stored, so it can be taken over.</summary>
    public void Settle(ulong sequence)
    {
        if (_reserved is not null && _reserved.Remove(sequence, out (StoredMessage Message, SharedOrigin Origin) reserved))
        {
            Message message = _shard.Messages.Read(reserved.Message);
            Give(ref message, sequence, reserved.Origin);
            _shard.Messages.Release(reserved.Message);
            CountDown();
        }
    }

    /// <summary>What was asked for has been read.</summary>
    public void Receive(RecoveredMessage[] messages, ulong[] asked)
    {
        if (!asked.AsSpan().SequenceEqual(_asked))
        {
            // The answer to a question that the session asked before it ended.
            return;
        }

        _asked = [];
        int read = 0;
        foreach (ulong sequence in asked)
        {
            if (_left is null || !_left.TryDequeue(out Left next))
            {
                break;
            }

            SharedOrigin origin = next.Origin;
            if (read < messages.Length && messages[read].Sequence == sequence)
            {
                Message message = Backlogs.View(messages[read++]);
                Give(ref message, sequence, origin);
            }
            else
            {
                _shard.Counters.Drop(DropReason.Unreadable);
                _shard.Log.DeliveryUnreadable(_session, sequence);
            }
        }

        ReadNext();
        CountDown();
    }

    private int Walk()
    {
        if (_session.SharedOrigins is not { Count: > 0 } origins || _session.Outbox is not { } outbox)
        {
            return 0;
        }

        int count = 0;
        OutboxEnumerator unfinished = outbox.Unfinished;
        while (unfinished.MoveNext())
        {
            ref OutboxEntry entry = ref unfinished.Entry;
            bool mayMove = entry.State == OutboxState.Queued || (entry.State == OutboxState.Sent && entry.Qos == QualityOfService.AtLeastOnce);
            if (!entry.IsShared || !mayMove || !TryFind(origins, unfinished.Sequence, out SharedOrigin? origin))
            {
                continue;
            }

            count++;
            if (_session.Stored?.Unrecorded?.ContainsKey(unfinished.Sequence) == true)
            {
                _open++;
                _shard.Messages.AddReference(entry.Message);
                (_reserved ??= []).Add(unfinished.Sequence, (entry.Message, origin));
                continue;
            }

            if (entry.Message.IsElsewhere || _left is not null)
            {
                // Their order is kept. What is in memory stays there: it need not be in the store.
                if (!entry.Message.IsNone)
                {
                    _shard.Messages.AddReference(entry.Message);
                }

                (_left ??= new()).Enqueue(new Left(unfinished.Sequence, origin, entry.Message));
                continue;
            }

            Message message = _shard.Messages.Read(entry.Message);
            Give(ref message, unfinished.Sequence, origin);
        }

        return count;
    }

    /// <summary>Gives what is next and in memory, and asks for what follows.</summary>
    private void ReadNext()
    {
        while (_left is not null && _left.TryPeek(out Left next) && !next.Message.IsNone)
        {
            _left.Dequeue();
            Message message = _shard.Messages.Read(next.Message);
            Give(ref message, next.Sequence, next.Origin);
            _shard.Messages.Release(next.Message);
        }

        if (_left is not { Count: > 0 })
        {
            return;
        }

        _open++;
        _asked = [.. _left.TakeWhile(next => next.Message.IsNone).Take(PieceMessages).Select(next => next.Sequence)];
        _shard.Store.Read(_session.Number, _asked);
    }

    private void Give(ref Message message, ulong sequence, SharedOrigin origin)
    {
        _open++;
        StoreRange takenFrom = _session.IsRecorded ? new StoreRange(_session.Number, sequence, sequence) : default;
        Gather gather = _shard.Gathering.BeginHandOver(message, takenFrom, CountDown);
        _shard.LocalDeliveries.Begin();
        _shard.SharedDeliveries.PassOn(ref message, origin, gather, DeliveryStage.Whole);
        _shard.Gathering.AddOwn(gather, _shard.LocalDeliveries.References);
        _shard.LocalDeliveries.End();
    }

    private void CountDown()
    {
        if (--_open > 0)
        {
            return;
        }

        _shard.Backlogs.Remove(_session.Number);
        Ended.Lsn = _shard.Records.SessionEnded(_session);
        if (_hasBegun && Ended.Lsn <= _shard.Store.CommittedLsn)
        {
            _shard.Waiting.Release(_shard.Store.CommittedLsn);
        }
    }

    private static bool TryFind(
        Queue<(ulong Sequence, SharedOrigin Origin)> origins,
        ulong sequence,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SharedOrigin? origin)
    {
        while (origins.TryPeek(out (ulong Sequence, SharedOrigin Origin) first) && first.Sequence <= sequence)
        {
            origins.Dequeue();
            if (first.Sequence == sequence)
            {
                origin = first.Origin;
                return true;
            }
        }

        origin = null;
        return false;
    }

    /// <summary>A delivery that is still to be given; its message is in memory, or else in the store.</summary>
    private readonly record struct Left(ulong Sequence, SharedOrigin Origin, StoredMessage Message);
}
