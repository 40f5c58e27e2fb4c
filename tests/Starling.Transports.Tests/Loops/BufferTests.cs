using CsCheck;
using Starling.Protocol.Loops;
using Starling.Transports.Loops;

namespace Starling.Transports.Tests.Loops;

public sealed class BufferTests
{
    private const int ReadBytes = 64 * 1024;

    private readonly MemoryBudget _budget = new(1L << 30);
    private readonly BufferPool _pool;

    public BufferTests() => _pool = new BufferPool(_budget.OpenAccount(), 1 << 20);

    [Fact]
    public void Output_comes_out_as_it_went_in_however_it_is_sent() =>
        Gen.Select(Gen.Int[0, 9000], Gen.Int[0, 9000]).List[1, 60].Sample(steps =>
        {
            MemoryBudget budget = new(1L << 30);
            BufferPool pool = new(budget.OpenAccount(), 1 << 20);
            OutputBuffer output = default;
            List<byte> expected = [];
            List<byte> actual = [];
            byte next = 0;
            foreach ((int append, int send) in steps)
            {
                Span<byte> span = output.GetSpan(pool, append);
                for (int i = 0; i < append; i++)
                {
                    expected.Add(next);
                    span[i] = next++;
                }

                output.Advance(append);
                int sent = Math.Min(send, output.Length);
                actual.AddRange(output.Next[..sent]);
                output.Consume(pool, sent);
            }

            actual.AddRange(output.Next);
            output.Release(pool);
            Assert.True(expected.ToArray().AsSpan().SequenceEqual(actual.ToArray()));
            Assert.Equal(0, budget.UsedBytes);
        });

    [Fact]
    public void Output_gives_its_buffer_back_with_the_last_byte()
    {
        OutputBuffer output = default;
        output.GetSpan(_pool, 10);
        output.Advance(10);
        Assert.Equal(BufferPool.SmallestBytes, _budget.UsedBytes);

        output.Consume(_pool, 10);

        Assert.Equal(0, _budget.UsedBytes);
        Assert.False(output.HasBuffer);
    }

    [Fact]
    public void Output_beyond_the_span_is_refused()
    {
        OutputBuffer output = default;
        int given = output.GetSpan(_pool, 1).Length;

        Assert.Throws<ArgumentOutOfRangeException>(() => output.Advance(given + 1));
    }

    [Fact]
    public void An_announced_length_is_not_allocated_before_its_bytes_arrive()
    {
        UnreadBytes unread = default;
        unread.Replace(_pool, new byte[100]);

        int free = unread.GetFreeSpace(_pool, 200_000_000, ReadBytes).Length;

        Assert.InRange(free, 1, 2 * BufferPool.SmallestBytes);
        Assert.InRange(_budget.UsedBytes, 1, 2 * BufferPool.SmallestBytes);
    }

    [Fact]
    public void Kept_bytes_grow_to_what_is_needed_and_one_read_at_most()
    {
        const int Needed = 1_000_000;
        UnreadBytes unread = default;
        byte next = 0;
        while (unread.GetFreeSpace(_pool, Needed, ReadBytes) is { IsEmpty: false } free)
        {
            for (int i = 0; i < free.Length; i++)
            {
                free[i] = next++;
            }

            unread.Appended(free.Length);
        }

        Assert.InRange(unread.Length, Needed, 2 * (Needed + ReadBytes));
        for (int i = 0; i < unread.Length; i++)
        {
            Assert.Equal((byte)i, unread.Bytes[i]);
        }
    }

    [Fact]
    public void What_follows_a_long_packet_does_not_keep_its_buffer()
    {
        UnreadBytes unread = default;
        unread.Replace(_pool, new byte[500_000]);

        unread.Replace(_pool, unread.Bytes[499_990..]);

        Assert.Equal(10, unread.Length);
        Assert.Equal(BufferPool.SmallestBytes, _budget.UsedBytes);
    }

    [Fact]
    public void A_ticket_of_an_earlier_holder_finds_nothing()
    {
        EventLoop loop = new Transports.InMemory.InMemoryLoopGroup(1, static _ => new TestClient()).Loops[0].EventLoop;
        ConnectionTable table = new();
        LoopConnection first = new(loop, default, default);
        table.Add(first);
        ConnectionTicket stale = first.Ticket;
        table.Remove(first);
        LoopConnection second = new(loop, default, default);
        table.Add(second);

        Assert.Equal(stale.Index, second.Ticket.Index);
        Assert.False(table.TryFind(stale, out _));
        Assert.True(table.TryFind(second.Ticket, out LoopConnection? found));
        Assert.Same(second, found);
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void The_clock_counts_milliseconds_also_after_months_of_nanoseconds()
    {
        const long TwoYearsOfNanoseconds = 2L * 365 * 86400 * 1_000_000_000;

        LoopClock clock = new(new FixedTime(TwoYearsOfNanoseconds + 1_999_999));

        Assert.Equal((TwoYearsOfNanoseconds / 1_000_000) + 1, clock.Now.MonotonicMilliseconds);
    }

    private sealed class FixedTime(long timestamp) : TimeProvider
    {
        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => timestamp;
    }
}
