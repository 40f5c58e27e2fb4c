using Starling.Broker.Ports;
using Starling.Storage.Tests.Stores;

namespace Starling.Storage.Tests;

public sealed class MemoryStoreTests
{
    [Fact]
    public void A_record_is_committed_as_soon_as_it_is_appended()
    {
        IShardStore store = new MemoryStore().Open(0, new RecordingEvents());

        ulong lsn = store.Append(new StoreRecord { Kind = StoreRecordKind.SessionEnded, Session = 1 });

        Assert.Equal(lsn, store.CommittedLsn);
    }

    [Fact]
    public void Log_sequence_numbers_rise()
    {
        IShardStore store = new MemoryStore().Open(0, new RecordingEvents());

        ulong first = store.Append(new StoreRecord { Kind = StoreRecordKind.Incoming, Session = 1, PacketIdentifier = 1 });
        ulong second = store.Append(new StoreRecord { Kind = StoreRecordKind.Released, Session = 1, PacketIdentifier = 1 });

        Assert.Equal(first + 1, second);
    }

    [Fact]
    public void Nothing_waits_before_the_first_record()
    {
        IShardStore store = new MemoryStore().Open(0, new RecordingEvents());

        Assert.Equal(0UL, store.CommittedLsn);
    }

    [Fact]
    public void Shards_do_not_share_their_numbers()
    {
        MemoryStore store = new();
        IShardStore one = store.Open(0, new RecordingEvents());
        IShardStore other = store.Open(1, new RecordingEvents());

        one.Append(new StoreRecord { Kind = StoreRecordKind.SessionEnded, Session = 1 });

        Assert.Equal(0UL, other.CommittedLsn);
    }
}
