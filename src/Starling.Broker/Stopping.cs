using Starling.Broker.Shards;

namespace Starling.Broker;

/// <summary>
/// A stop in two steps: first every shard refuses new clients and publishes the Wills, so that they reach those still connected on all shards;
/// then, when all shards have handed their letters over, every shard reads what it got and ends its connections.
/// </summary>
internal sealed class Stopping(IReadOnlyList<Shard> shards)
{
    private readonly HashSet<int> _empty = [];
    private readonly Step[] _steps = new Step[shards.Count];
    private int _begun;
    private int _awaited;
    private Action? _stopped;

    /// <summary>How far a shard has come; written by its thread only.</summary>
    private enum Step : byte
    {
        Publishing,
        HandedOver,
        MayEnd,
        Ended,
    }

    public void Begin(Action stopped)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
        {
            return;
        }

        _stopped = stopped;
        Volatile.Write(ref _awaited, shards.Count);
        foreach (Shard shard in shards)
        {
            shard.Mail.PostFromOutside(shard.BeginStop);
        }
    }

    /// <summary>Ends the connections of a shard that stops, once it has read the letters of all others.</summary>
    public void EndWhenDue(Shard shard)
    {
        if (_steps[shard.Index] is Step.MayEnd or Step.Ended)
        {
            // Again in each iteration: a connection that was on its way from another shard may come now.
            _steps[shard.Index] = Step.Ended;
            shard.EndConnections();
        }
    }

    /// <summary>A shard that stops has handed over what it had for others; it looks whether its last connection is gone.</summary>
    public void LettersAreHandedOver(Shard shard)
    {
        if (Volatile.Read(ref _begun) == 0)
        {
            // The shard refuses clients because its store has failed; the stop is still to come.
            return;
        }

        if (_steps[shard.Index] == Step.Publishing)
        {
            _steps[shard.Index] = Step.HandedOver;
            if (Interlocked.Decrement(ref _awaited) == 0)
            {
                LetAllEnd();
            }
        }
        else if (_steps[shard.Index] == Step.Ended && shard.Connections.Count == 0)
        {
            Count(shard);
        }
    }

    private void LetAllEnd()
    {
        foreach (Shard shard in shards)
        {
            // What comes from outside is read before the letters, and the connections end after them.
            shard.Mail.PostFromOutside(() => _steps[shard.Index] = Step.MayEnd);
        }
    }

    private void Count(Shard shard)
    {
        lock (_empty)
        {
            if (_empty.Add(shard.Index) && _empty.Count == shards.Count)
            {
                _stopped?.Invoke();
            }
        }
    }
}
