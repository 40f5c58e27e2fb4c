using System.Net.Sockets;

namespace Starling.Transports.Tests.Sockets;

/// <summary>Letters between loops that sleep most of the time.</summary>
public sealed class LoopHelpTests
{
    private const int Hops = 20_000;

    [Fact]
    public async Task Letters_to_a_loop_that_sleeps_are_read_by_the_one_that_posts_them()
    {
        await using Harness harness = new(LoopKind.Epoll, 2);
        int sender = 0;
        int reader = 1;
        await Harness.Until(() =>
        {
            harness.Clients[0].Send(() =>
            {
                Volatile.Write(ref sender, Environment.CurrentManagedThreadId);
                harness.Clients[1].Send(() => Volatile.Write(ref reader, Environment.CurrentManagedThreadId));
            });
            return Volatile.Read(ref sender) == Volatile.Read(ref reader);
        });
    }

    [Fact]
    public async Task While_a_loop_reads_the_letters_of_another_both_are_current_and_nobody_else_is()
    {
        await using Harness harness = new(LoopKind.Epoll, 3);
        int wrong = 0;
        int read = 0;
        await Harness.Until(() =>
        {
            harness.Clients[0].Send(() => harness.Clients[1].Send(() =>
            {
                wrong += harness.Clients[1].Loop.IsCurrent && !harness.Clients[2].Loop.IsCurrent ? 0 : 1;
                Interlocked.Increment(ref read);
            }));
            return Volatile.Read(ref read) > 100;
        });
        Assert.Equal(0, wrong);
    }

    [Theory]
    [InlineData(LoopKind.Epoll)]
    [InlineData(LoopKind.Portable)]
    public async Task No_letter_is_left_lying_however_loops_sleep_and_help(LoopKind kind)
    {
        await using Harness harness = new(kind, 3);
        int[] hops = new int[8];
        for (int chain = 0; chain < hops.Length; chain++)
        {
            Hop(harness, hops, chain, new Random(chain));
        }

        await Harness.Until(() => hops.All(count => count >= Hops));
    }

    [Fact]
    public async Task Output_made_while_helped_is_sent_and_a_deadline_that_came_nearer_is_kept()
    {
        await using Harness harness = new(LoopKind.Epoll, 2);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        using Socket closed = peer;
        TestClient own = connection.Client;
        TestClient other = harness.Clients[1 - Array.IndexOf(harness.Clients, own)];
        bool isAsked = false;
        int kept = 0;
        own.OnAdvance = now =>
        {
            if (isAsked)
            {
                isAsked = false;
                own.Deadline = now.MonotonicMilliseconds + 2;
            }
            else if (now.MonotonicMilliseconds >= own.Deadline)
            {
                own.Deadline = long.MaxValue;
                Interlocked.Increment(ref kept);
            }
        };
        for (int i = 1; i <= 50; i++)
        {
            other.Send(() => own.Send(() =>
            {
                isAsked = true;
                connection.Append("letter"u8);
            }));
            Assert.Equal("letter"u8, Harness.ReadExactly(peer, 6));
            await Harness.Until(() => Volatile.Read(ref kept) >= i);
        }
    }

    /// <summary>A letter that posts itself on, to any loop.</summary>
    private static void Hop(Harness harness, int[] hops, int chain, Random random) =>
        harness.Clients[random.Next(harness.Clients.Length)].Send(() =>
        {
            if (++hops[chain] < Hops)
            {
                Hop(harness, hops, chain, random);
            }
        });
}
