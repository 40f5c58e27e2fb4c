using Starling.Broker.Ports;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>
/// A store that keeps the records for the test and commits when it is told to, so that a test sees what waits for a commit. Until
/// <see cref="IsImmediate"/> is set to false it commits each record as it is appended.
/// </summary>
internal sealed class DelayedStore : IDurableStore
{
    private readonly List<DelayedShardStore> _shards = [];

    public bool IsImmediate { get; set; } = true;

    /// <summary>All records of all shards in the order in which they were appended.</summary>
    public List<StoredRecord> Records { get; } = [];

    /// <summary>What shards have asked to read; answered by <see cref="AnswerNext"/>.</summary>
    public Queue<Question> Questions { get; } = new();

    /// <summary>Whether publishers are to be held back.</summary>
    public bool IsFull { get; set; }

    public bool IsDurable { get; init; }

    public StoreCondition Condition => IsFull ? StoreCondition.Full : StoreCondition.Ready;

    public StoreFigures Figures => default;

    /// <summary>Gives to the broker what an earlier run has left.</summary>
    public Action<IRecoverySink>? Recovery { get; init; }

    public void Recover(IRecoverySink sink) => Recovery?.Invoke(sink);

    public IShardStore Open(int shard, IShardStoreEvents events)
    {
        DelayedShardStore opened = new(this, events);
        _shards.Add(opened);
        return opened;
    }

    public IEnumerable<StoredRecord> Of(StoreRecordKind kind) => Records.Where(record => record.Kind == kind);

    /// <summary>Answers the oldest question from the records; what is missing there is missing in the answer.</summary>
    public void AnswerNext()
    {
        Question question = Questions.Dequeue();
        question.Events.MessagesRead(
            question.Session,
            [.. question.Sequences.Select(sequence => Find(question.Session, sequence)).OfType<RecoveredMessage>()],
            question.Sequences);
    }

    /// <summary>Commits everything appended so far.</summary>
    public void Commit()
    {
        foreach (DelayedShardStore shard in _shards)
        {
            shard.CommitTo(shard.AppendedLsn);
        }
    }

    private RecoveredMessage? Find(ulong session, ulong sequence) => Of(StoreRecordKind.Message)
        .Where(record => record.References.Any(reference => reference.Session == session && reference.Sequence == sequence))
        .Select(record => record.ToMessage(sequence))
        .FirstOrDefault();

    /// <summary>Commits the next record of a shard.</summary>
    public void CommitOne(int shard = 0) => _shards[shard].CommitTo(Math.Min(_shards[shard].CommittedLsn + 1, _shards[shard].AppendedLsn));

    /// <summary>Deliveries that a shard wants to read.</summary>
    internal sealed record Question(IShardStoreEvents Events, ulong Session, ulong[] Sequences);
}
