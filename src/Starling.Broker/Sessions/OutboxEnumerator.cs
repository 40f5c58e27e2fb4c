namespace Starling.Broker.Sessions;

/// <summary>Walks over the unfinished deliveries of an <see cref="Outbox"/>, oldest first.</summary>
internal ref struct OutboxEnumerator
{
    private readonly ref OutboxRing _sent;
    private readonly ref OutboxRing _queued;
    private ulong _next;

    internal OutboxEnumerator(ref OutboxRing sent, ref OutboxRing queued)
    {
        _sent = ref sent;
        _queued = ref queued;
        _next = sent.IsEmpty ? queued.First : sent.First;
    }

    /// <summary>The sequence number of <see cref="Entry"/>.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>The current delivery, after <see cref="MoveNext"/> said true.</summary>
    public readonly ref OutboxEntry Entry => ref Sequence >= _queued.First ? ref _queued[Sequence] : ref _sent[Sequence];

    /// <summary>Leaves out what stands before a sequence number.</summary>
    public void SkipTo(ulong sequence) => _next = Math.Min(Math.Max(_next, sequence), _queued.End);

    public bool MoveNext()
    {
        while (_next != _queued.End)
        {
            Sequence = _next++;
            if (Sequence >= _sent.End && Sequence < _queued.First)
            {
                _next = _queued.First;
                continue;
            }

            if (Entry.State != OutboxState.Done)
            {
                return true;
            }
        }

        return false;
    }
}
