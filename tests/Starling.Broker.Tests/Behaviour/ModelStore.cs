using Starling.Broker.Ports;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>
/// A durable store that keeps its records in a list and commits when it is told to. <see cref="Crash"/> gives the store of the next run, which knows
/// exactly what was committed: it replays the list without any cleverness.
/// </summary>
internal sealed class ModelStore : IDurableStore
{
    private readonly List<ModelShardStore> _shards = [];
    private readonly List<StoredRecord> _before;
    private readonly uint _generation;

    public ModelStore()
        : this([], 1)
    {
    }

    private ModelStore(List<StoredRecord> before, uint generation)
    {
        _before = before;
        _generation = generation;
        Records = [.. before];
        before.ForEach(Index);
    }

    private readonly Dictionary<(ulong, ulong), StoredRecord> _messages = [];

    /// <summary>Whether each record is committed when it is appended.</summary>
    public bool IsImmediate { get; set; } = true;

    /// <summary>All records in the order of the log, those of earlier runs first.</summary>
    public List<StoredRecord> Records { get; }

    /// <summary>How many records of this run stand in the log.</summary>
    public int AppendedNow => Records.Count - _before.Count;

    /// <summary>Records of this run up to which everything is committed.</summary>
    public int CommittedNow { get; private set; }

    /// <summary>Whether questions wait until <see cref="AnswerAll"/>; else they are answered at once.</summary>
    public bool IsReadingHeld { get; set; }

    public Queue<Action> Questions { get; } = new();

    /// <summary>Deliveries that cannot be read back.</summary>
    public HashSet<ulong> Damaged { get; } = [];

    public bool IsFull { get; set; }

    public bool IsDurable => true;

    public StoreCondition Condition { get; private set; }

    public StoreFigures Figures => new() { Commits = CommittedNow };

    public IEnumerable<StoredRecord> Now(StoreRecordKind kind) => Records.Skip(_before.Count).Where(record => record.Kind == kind);

    public IShardStore Open(int shard, IShardStoreEvents events)
    {
        ModelShardStore opened = new(this, events);
        _shards.Add(opened);
        return opened;
    }

    public void Recover(IRecoverySink sink)
    {
        ModelState state = new();
        _before.ForEach(state.Apply);
        state.Give(sink, _generation);
    }

    public void Commit() => CommitTo(AppendedNow);

    /// <summary>Commits the first so many records of this run, in the order of the log.</summary>
    public void CommitTo(int count)
    {
        CommittedNow = Math.Max(CommittedNow, Math.Min(count, AppendedNow));
        _shards.ForEach(shard => shard.Publish(CommittedNow));
    }

    public void Fail()
    {
        Condition = StoreCondition.Failed;
        _shards.ForEach(shard => shard.Events.Failed());
    }

    public void AnswerAll()
    {
        while (Questions.TryDequeue(out Action? answer))
        {
            answer();
        }
    }

    /// <summary>The store of the next run: what was not committed is gone.</summary>
    public ModelStore Crash() => new([.. Records.Take(_before.Count + CommittedNow)], _generation + 1);

    internal void Append(StoredRecord record)
    {
        Records.Add(record);
        Index(record);
        if (IsImmediate)
        {
            CommittedNow = AppendedNow;
        }
    }

    internal void Ask(IShardStoreEvents events, ulong session, ulong[] sequences)
    {
        Questions.Enqueue(() => events.MessagesRead(session, [.. sequences.Select(sequence => Find(session, sequence)).OfType<RecoveredMessage>()], sequences));
        if (!IsReadingHeld)
        {
            AnswerAll();
        }
    }

    private void Index(StoredRecord record)
    {
        foreach (StoreReference reference in record.References)
        {
            _messages[(reference.Session, reference.Sequence)] = record;
        }
    }

    private RecoveredMessage? Find(ulong session, ulong sequence) =>
        Damaged.Contains(sequence) ? null : _messages.GetValueOrDefault((session, sequence))?.ToMessage(sequence);
}
