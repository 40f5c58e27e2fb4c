using Starling.Broker.Ports;

namespace Starling.Storage.Tests;

public sealed class MemoryStoreTests
{
    [Fact]
    public void A_record_is_committed_as_soon_as_it_is_appended()
    {
        IShardStore store = new MemoryStore().Open(0, new NoCompletion());

        Assert.True(store.TryAppend(new StoreRecord { Kind = StoreRecordKind.SessionEnded, Session = 1 }, out ulong lsn));

        Assert.Equal(lsn, store.CommittedLsn);
    }

    [Fact]
    public void Log_sequence_numbers_rise()
    {
        IShardStore store = new MemoryStore().Open(0, new NoCompletion());

        store.TryAppend(new StoreRecord { Kind = StoreRecordKind.Incoming, Session = 1, PacketIdentifier = 1 }, out ulong first);
        store.TryAppend(new StoreRecord { Kind = StoreRecordKind.Released, Session = 1, PacketIdentifier = 1 }, out ulong second);

        Assert.True(second > first);
    }

    [Fact]
    public void Nothing_waits_before_the_first_record()
    {
        IShardStore store = new MemoryStore().Open(0, new NoCompletion());

        Assert.Equal(0UL, store.CommittedLsn);
    }

    [Fact]
    public void Shards_do_not_share_their_numbers()
    {
        MemoryStore store = new();
        IShardStore one = store.Open(0, new NoCompletion());
        IShardStore other = store.Open(1, new NoCompletion());

        one.TryAppend(new StoreRecord { Kind = StoreRecordKind.SessionEnded, Session = 1 }, out _);

        Assert.Equal(0UL, other.CommittedLsn);
    }

    /// <summary>A store that commits at once has nothing to report later.</summary>
    private sealed class NoCompletion : ICompletion<ulong>
    {
        public void Complete(ulong result) => Assert.Fail("nothing is committed later");
    }
}
