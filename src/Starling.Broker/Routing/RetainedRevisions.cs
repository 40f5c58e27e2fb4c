namespace Starling.Broker.Routing;

/// <summary>
/// Numbers the changes of a retained tree, process-wide, and knows up to which all of them stand in the log: records of several shards may be
/// appended in another order than their changes were made, so a deletion must be remembered as long as an older change may still follow.
/// </summary>
internal sealed class RetainedRevisions
{
    private readonly Lock _lock = new();
    private readonly HashSet<ulong> _recorded = [];
    private ulong _last;
    private ulong _floor = 1;

    /// <summary>The highest revision given out.</summary>
    public ulong Last
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>Every revision below stands in a record that was appended.</summary>
    public ulong Floor
    {
        get
        {
            lock (_lock)
            {
                return _floor;
            }
        }
    }

    /// <summary>A change is made; called under the lock of its topic, so revisions of one topic rise in the order of its changes.</summary>
    public ulong Next()
    {
        lock (_lock)
        {
            return ++_last;
        }
    }

    /// <summary>The record of a change was appended; each revision given out is reported once.</summary>
    public void Recorded(ulong revision)
    {
        lock (_lock)
        {
            _recorded.Add(revision);
            while (_recorded.Remove(_floor))
            {
                _floor++;
            }
        }
    }

    /// <summary>Goes on above a revision of an earlier run.</summary>
    public void StartAbove(ulong revision)
    {
        lock (_lock)
        {
            _last = revision;
            _floor = revision + 1;
        }
    }
}
