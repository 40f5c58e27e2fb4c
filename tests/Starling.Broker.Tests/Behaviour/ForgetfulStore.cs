using Starling.Broker.Ports;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>A store that only counts the records, commits them when it is told to, and allocates nothing.</summary>
internal sealed class ForgetfulStore : IDurableStore, IShardStore
{
    private IShardStoreEvents? _events;
    private ulong _appended;

    public bool IsDurable => true;

    public StoreCondition Condition => StoreCondition.Ready;

    public StoreFigures Figures => default;

    public ulong CommittedLsn { get; private set; }

    public bool IsFull => false;

    public void Recover(IRecoverySink sink)
    {
    }

    public IShardStore Open(int shard, IShardStoreEvents events)
    {
        _events = events;
        return this;
    }

    public ulong Append(scoped in StoreRecord record) => ++_appended;

    public void Read(ulong session, ReadOnlySpan<ulong> sequences) => throw new NotSupportedException("Nobody is away.");

    public void Commit()
    {
        CommittedLsn = _appended;
        _events?.Committed();
    }
}
