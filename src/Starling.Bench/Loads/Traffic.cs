using Starling.Bench.Measuring;

namespace Starling.Bench.Loads;

/// <summary>A stretch of publishing, as all loops see it. The director begins and ends it.</summary>
internal sealed class Traffic
{
    private long _writtenOff;
    private volatile bool _isOver;

    /// <summary>When it begins.</summary>
    public required long Start { get; init; }

    /// <summary>Messages in all; 0: until it is over.</summary>
    public required long Messages { get; init; }

    /// <summary>Messages a second in all; 0: as fast as the windows allow.</summary>
    public required double Rate { get; init; }

    /// <summary>The most messages that are published and not delivered; 0: no limit.</summary>
    public required long Window { get; init; }

    /// <summary>How many deliveries a message makes; 0 when nobody here receives them.</summary>
    public required int FanOut { get; init; }

    /// <summary>How long a loop looks away in each iteration, in nanoseconds.</summary>
    public required long GatherNanoseconds { get; init; }

    /// <summary>What was counted before it began.</summary>
    public required LoadCounts Before { get; init; }

    /// <summary>The publishers of each loop.</summary>
    public required IReadOnlyList<LoadPublisher>[] Publishers { get; init; }

    /// <summary>The counters of all loops.</summary>
    public required IReadOnlyList<LoopCounters> Counters { get; init; }

    /// <summary>Whether it empties the topics of retained messages instead of publishing.</summary>
    public bool IsClearing { get; init; }

    public bool IsOver => _isOver;

    /// <summary>Whether the window counts at all.</summary>
    public bool HasWindow => Window > 0 && FanOut > 0;

    /// <summary>Messages that are published and not delivered, apart from those that were given up.</summary>
    public long Outstanding
    {
        get
        {
            long sent = -Before.Sent;
            long delivered = -Before.Delivered;
            for (int i = 0; i < Counters.Count; i++)
            {
                sent += Volatile.Read(ref Counters[i].Sent);
                delivered += Volatile.Read(ref Counters[i].Delivered);
            }

            return FanOut == 0 ? 0 : sent - (delivered / FanOut) - Volatile.Read(ref _writtenOff);
        }
    }

    /// <summary>Nobody sends any more.</summary>
    public void Stop() => _isOver = true;

    /// <summary>What is outstanding is not waited for any more: at QoS 0 it may be lost.</summary>
    public void WriteOff() => Volatile.Write(ref _writtenOff, _writtenOff + Outstanding);

    /// <summary>How many of the messages a loop sends, by its share of the publishers.</summary>
    public long ShareOf(int loop)
    {
        if (Messages == 0)
        {
            return long.MaxValue;
        }

        int before = 0;
        int all = 0;
        for (int i = 0; i < Publishers.Length; i++)
        {
            before += i < loop ? Publishers[i].Count : 0;
            all += Publishers[i].Count;
        }

        // As the ends of the stretches, so that the shares add up.
        return EndOf(before + Publishers[loop].Count) - EndOf(before);

        long EndOf(int publishers) => (long)((Int128)Messages * publishers / all);
    }
}
