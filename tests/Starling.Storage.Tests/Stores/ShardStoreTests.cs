using Faults;
using Microsoft.Extensions.Time.Testing;
using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.Stores;

public sealed class ShardStoreTests
{
    private static readonly Operation Opened = new() { Kind = StoreRecordKind.SessionOpened, Session = 1, Epoch = 1, Topic = "c" };
    private static readonly Operation Sent = new() { Kind = StoreRecordKind.Sent, Session = 1, Sequence = 1 };

    private readonly MemoryLogDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Each_shard_numbers_its_own_records()
    {
        LogStore store = Open();
        IShardStore one = store.Open(0, new RecordingEvents());
        IShardStore other = store.Open(1, new RecordingEvents());

        Assert.Equal([1UL, 2UL, 1UL], [Append(one, Opened), Append(one, Opened), Append(other, Opened)]);
        Assert.Equal(0UL, one.CommittedLsn);

        store.StepCommitter(commitsAll: false);

        Assert.Equal([2UL, 1UL], [one.CommittedLsn, other.CommittedLsn]);
    }

    [Fact]
    public void A_record_that_nobody_waits_for_is_committed_with_the_next_one()
    {
        LogStore store = Open();
        RecordingEvents events = new();
        IShardStore shard = store.Open(0, events);
        Append(shard, Sent);
        Assert.False(store.StepCommitter(commitsAll: false));
        Assert.Equal(0UL, shard.CommittedLsn);

        Append(shard, Opened);
        store.StepCommitter(commitsAll: false);

        Assert.Equal(2UL, shard.CommittedLsn);
    }

    [Fact]
    public void A_record_that_nobody_waits_for_is_committed_within_a_second_without_a_signal()
    {
        LogStore store = Open();
        RecordingEvents events = new();
        IShardStore shard = store.Open(0, events);
        Append(shard, Sent);
        _time.Advance(TimeSpan.FromSeconds(1));
        store.StepCommitter(commitsAll: false);

        Assert.Equal(1UL, shard.CommittedLsn);
        Assert.Equal(0, events.CommittedCount);
    }

    [Fact]
    public void A_record_that_somebody_waits_for_is_committed_and_told_whatever_its_kind()
    {
        LogStore store = Open();
        RecordingEvents events = new();
        IShardStore shard = store.Open(0, events);
        Append(shard, Sent with { IsAwaited = true });

        Assert.True(store.StepCommitter(commitsAll: false));
        Assert.Equal((1UL, 1), (shard.CommittedLsn, events.CommittedCount));
    }

    [Fact]
    public void Many_records_that_nobody_waits_for_are_committed_at_once()
    {
        LogStore store = Open(new CommitLogOptions { SegmentBytes = 1 << 20, FrameBytes = 1 << 20 });
        IShardStore shard = store.Open(0, new RecordingEvents());
        for (int i = 0; i < (256 << 10) / 32; i++)
        {
            Append(shard, Sent);
        }

        Assert.False(store.StepCommitter(commitsAll: false));
        Append(shard, Sent);

        Assert.True(store.StepCommitter(commitsAll: false));
    }

    [Fact]
    public void Only_a_shard_that_waits_is_told_of_a_commit()
    {
        LogStore store = Open();
        RecordingEvents waiting = new();
        RecordingEvents idle = new();
        IShardStore one = store.Open(0, waiting);
        IShardStore other = store.Open(1, idle);
        Append(one, Opened);
        Append(other, Sent);

        store.StepCommitter(commitsAll: false);

        Assert.Equal((1, 0), (waiting.CommittedCount, idle.CommittedCount));
        Assert.Equal(1UL, other.CommittedLsn);
    }

    [Fact]
    public void What_does_not_fit_waits_in_order_and_holds_publishers_back_until_there_is_room()
    {
        LogStore store = Open();
        RecordingEvents events = new();
        IShardStore shard = store.Open(0, events);
        Append(shard, Opened);
        ulong last = 0;
        while (!shard.IsFull)
        {
            last = Append(shard, Big(last));
        }

        // Small ones would fit still, but not before those that came earlier.
        ulong small = Append(shard, Sent);
        ulong behind = Append(shard, Big(last));
        Assert.Equal(last + 2, behind);

        store.StepCommitter(commitsAll: true);
        Assert.Equal(last - 1, shard.CommittedLsn);
        Assert.False(shard.IsFull);
        Assert.True(events.CommittedCount >= 1);

        store.StepCommitter(commitsAll: true);
        Assert.Equal(behind, shard.CommittedLsn);
        Assert.True(small < behind);
    }

    [Fact]
    public void A_record_larger_than_a_segment_is_stored()
    {
        LogStore store = Open();
        IShardStore shard = store.Open(0, new RecordingEvents());
        Append(shard, Opened);
        ulong large = Append(shard, Big(1) with { Payload = new byte[700_000], References = [new(1, 0, Protocol.QualityOfService.AtLeastOnce, false, 0, null)] });
        ulong behind = Append(shard, Big(2));
        store.StepAll();

        Assert.Equal((behind, large + 1), (shard.CommittedLsn, behind));
        RecordingEvents events = new();
        store.Open(1, events).Read(1, [0]);
        store.StepAll();
        Assert.True(events.Answers.TryDequeue(out var answer));
        Assert.Equal(700_000, Assert.Single(answer.Messages).Payload.Length);
    }

    [Fact]
    public void A_delivery_that_is_gone_is_missing_from_the_answer()
    {
        LogStore store = Open();
        RecordingEvents events = new();
        IShardStore shard = store.Open(0, events);
        Append(shard, Opened);
        Append(shard, Big(0) with { References = [new(1, 0, Protocol.QualityOfService.AtLeastOnce, false, 0, null)] });
        Append(shard, Big(1) with { References = [new(1, 1, Protocol.QualityOfService.AtLeastOnce, false, 0, null)] });
        Append(shard, new Operation { Kind = StoreRecordKind.Finished, Ranges = [new(1, 0, 0)] });
        store.StepAll();

        shard.Read(1, [0, 1, 2]);
        shard.Read(9, [0]);
        store.StepAll();

        Assert.True(events.Answers.TryDequeue(out var first));
        Assert.Equal(1UL, Assert.Single(first.Messages).Sequence);
        Assert.Equal([0UL, 1UL, 2UL], first.Asked);
        Assert.True(events.Answers.TryDequeue(out var second));
        Assert.Empty(second.Messages);
    }

    private static ulong Append(IShardStore shard, Operation operation) =>
        operation.Give((scoped in StoreRecord record) => shard.Append(record));

    private static Operation Big(ulong number) => new()
    {
        Kind = StoreRecordKind.Message,
        Session = 1,
        Topic = $"t/{number}",
        Payload = new byte[20_000],
        Qos = Protocol.QualityOfService.AtLeastOnce,
    };

    private LogStore Open(CommitLogOptions? log = null)
    {
        LogStoreOptions options = StoreSample.Options(_directory) with { TimeProvider = _time };
        return LogStore.Open(options with { Log = log ?? options.Log });
    }
}
