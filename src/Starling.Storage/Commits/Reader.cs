using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Storage.State;

namespace Starling.Storage.Commits;

/// <summary>Answers the shards' questions for messages. A step machine: a thread only calls <see cref="Step"/>.</summary>
internal sealed class Reader(SegmentFiles files, Wakeup wakeup, ILogger logger)
{
    private readonly ConcurrentQueue<ReadRequest> _located = new();
    private readonly MessageReader _messages = new(files);
    private long _unreadable;

    /// <summary>Messages that were asked for and could not be read. Any thread may ask.</summary>
    public long Unreadable => Volatile.Read(ref _unreadable);

    /// <summary>Of the committer.</summary>
    public void Read(ReadRequest request)
    {
        _located.Enqueue(request);
        wakeup.Set();
    }

    /// <summary>Answers one question. False when there is none, or it must wait because no file can be opened now.</summary>
    public bool Step()
    {
        if (!_located.TryPeek(out ReadRequest? request))
        {
            return false;
        }

        _messages.Clear();
        List<RecoveredMessage> messages = new(request.Sequences.Length);
        try
        {
            for (int i = 0; i < request.Sequences.Length; i++)
            {
                Location location = request.Locations[i];
                if (location != default && TryRead(location, request.Session, request.Sequences[i]) is { } message)
                {
                    messages.Add(message);
                }
            }
        }
        catch (LogFullException)
        {
            return false;
        }

        _located.TryDequeue(out _);
        foreach (SegmentUse pinned in request.Pinned)
        {
            pinned.Unpin();
        }

        request.Shard.Events.MessagesRead(request.Session, [.. messages], request.Sequences);
        return true;
    }

    private RecoveredMessage? TryRead(Location location, ulong session, ulong sequence)
    {
        RecoveredMessage? message = null;
        IOException? cause = null;
        try
        {
            message = _messages.ReadDelivery(location, session, sequence);
        }
        catch (IOException fault) when (fault is not LogFullException)
        {
            cause = fault;
        }

        if (message is null)
        {
            Volatile.Write(ref _unreadable, _unreadable + 1);
            logger.MessageUnreadable(cause, session, sequence, location.Segment, location.Offset);
        }

        return message;
    }
}
