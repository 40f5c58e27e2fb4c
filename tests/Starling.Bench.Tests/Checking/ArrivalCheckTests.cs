using CsCheck;
using Starling.Bench.Checking;

namespace Starling.Bench.Tests.Checking;

public sealed class ArrivalCheckTests
{
    private const uint Run = 7;

    [Fact]
    public void Tracker_says_of_each_message_what_a_set_of_all_would_say() => Gen.Long[0, 60].Array[1, 300].Sample(sequences =>
    {
        SequenceTracker tracker = default;
        HashSet<long> seen = [];
        long missing = 0;
        foreach (long sequence in sequences)
        {
            Arrival expected = seen.Contains(sequence) ? Arrival.Duplicate : sequence < seen.DefaultIfEmpty(-1).Max() ? Arrival.Late : Arrival.InOrder;
            seen.Add(sequence);

            Arrival arrival = tracker.Add(sequence, out long change);
            missing += change;

            Assert.Equal(expected, arrival);
            Assert.Equal(seen.Max() + 1 - seen.Count, missing);
        }
    });

    [Fact]
    public void Tracker_of_too_many_gaps_knows_the_newest_and_calls_the_rest_late()
    {
        SequenceTracker tracker = default;
        int gaps = SequenceTracker.GapsMax * 3;
        for (long i = 0; i < gaps; i++)
        {
            Assert.Equal(Arrival.InOrder, tracker.Add((i * 2) + 1, out long missing));
            Assert.Equal(1, missing);
        }

        Assert.Equal(Arrival.Late, tracker.Add((gaps * 2L) - 2, out long found));
        Assert.Equal(-1, found);
        Assert.Equal(Arrival.Duplicate, tracker.Add((gaps * 2L) - 2, out _));
        Assert.Equal(Arrival.Late, tracker.Add(0, out long forgotten));
        Assert.Equal(0, forgotten);
        Assert.Equal(Arrival.InOrder, tracker.Add(gaps * 2L, out _));
    }

    [Fact]
    public void Gap_that_is_split_again_and_again_stays_exact_at_its_end()
    {
        SequenceTracker tracker = default;
        const long Last = SequenceTracker.GapsMax * 4;
        tracker.Add(Last, out long missing);
        Assert.Equal(Last, missing);
        for (long sequence = 1; sequence < Last; sequence += 2)
        {
            Assert.Equal(Arrival.Late, tracker.Add(sequence, out _));
        }

        Assert.Equal(Arrival.Duplicate, tracker.Add(Last - 1, out _));
        Assert.Equal(Arrival.Late, tracker.Add(Last - 2, out _));
        Assert.Equal(Arrival.Duplicate, tracker.Add(Last - 2, out _));
    }

    [Fact]
    public void Messages_of_other_runs_and_other_publishers_are_foreign()
    {
        OrderedCheck check = new(Run, 3, 2);

        Assert.Equal(Arrival.Foreign, check.Check(new MessageHeader(Run + 1, 3, 0, 0), out _));
        Assert.Equal(Arrival.Foreign, check.Check(new MessageHeader(Run, 2, 0, 0), out _));
        Assert.Equal(Arrival.Foreign, check.Check(new MessageHeader(Run, 5, 0, 0), out _));
        Assert.Equal(Arrival.InOrder, check.Check(new MessageHeader(Run, 4, 0, 0), out _));
    }

    [Fact]
    public void Bitmap_takes_each_message_once_from_any_receiver() => Gen.Long[0, 200_000].Array[1, 200].Sample(sequences =>
    {
        DeliveryBitmap bitmap = new();
        HashSet<long> seen = [];

        Assert.All(sequences, sequence => Assert.Equal(seen.Add(sequence), bitmap.TryAdd(sequence)));
    });

    [Fact]
    public void Members_of_a_shared_subscription_share_what_has_arrived_and_each_has_its_order()
    {
        DeliveryBitmap[] arrived = [new DeliveryBitmap()];
        SharedCheck first = new(Run, arrived);
        SharedCheck second = new(Run, arrived);

        Assert.Equal(Arrival.InOrder, first.Check(new MessageHeader(Run, 0, 5, 0), out _));
        Assert.Equal(Arrival.InOrder, second.Check(new MessageHeader(Run, 0, 2, 0), out _));
        Assert.Equal(Arrival.Duplicate, second.Check(new MessageHeader(Run, 0, 5, 0), out _));
        Assert.Equal(Arrival.Late, first.Check(new MessageHeader(Run, 0, 3, 0), out _));
        Assert.Equal(Arrival.Foreign, first.Check(new MessageHeader(Run, 1, 0, 0), out _));
    }

    [Fact]
    public void Who_only_listens_learns_of_each_publisher_by_its_first_message()
    {
        LearningCheck check = new();

        Assert.Equal(Arrival.InOrder, check.Check(new MessageHeader(Run, 0, 1000, 0), out _));
        Assert.Equal(Arrival.InOrder, check.Check(new MessageHeader(Run + 1, 0, 7, 0), out _));
        Assert.Equal(Arrival.InOrder, check.Check(new MessageHeader(Run, 0, 1003, 0), out long missing));
        Assert.Equal(2, missing);
        Assert.Equal(Arrival.Duplicate, check.Check(new MessageHeader(Run, 0, 1000, 0), out _));
        Assert.Equal(Arrival.Late, check.Check(new MessageHeader(Run, 0, 999, 0), out _));
    }

    [Fact]
    public void Header_is_read_as_it_was_written() => Gen.Select(Gen.UInt, Gen.Int[0, int.MaxValue], Gen.Long[0, long.MaxValue], Gen.Long).Sample((run, publisher, sequence, intended) =>
    {
        MessageHeader header = new(run, publisher, sequence, intended);
        byte[] payload = new byte[MessageHeader.Bytes];
        header.Write(payload);

        Assert.True(MessageHeader.TryRead(payload, out MessageHeader read));
        Assert.Equal(header, read);
        Assert.False(MessageHeader.TryRead(payload.AsSpan(1), out _));
    });
}
