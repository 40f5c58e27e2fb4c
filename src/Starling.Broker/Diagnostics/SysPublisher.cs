using System.Reflection;
using System.Text;
using Starling.Broker.Messages;
using Starling.Broker.Shards;
using Starling.Broker.Timers;
using Starling.Protocol;

namespace Starling.Broker.Diagnostics;

/// <summary>
/// Measures what a shard has queued, every interval; and on the first shard publishes the $SYS topics of the whole broker, as retained messages.
/// </summary>
internal sealed class SysPublisher(Shard shard) : ITimerOwner, ISysTopicReceiver
{
    private TimerNode? _timer;
    private SysTopics? _topics;

    public void Start()
    {
        if (shard.Engine.Options.SysInterval == TimeSpan.Zero)
        {
            return;
        }

        _timer = new TimerNode(TimerKind.SysTopics, this);
        shard.Timers.Set(_timer, shard.Now.MonotonicMilliseconds);
        if (shard.Index != 0)
        {
            return;
        }

        string version = typeof(SysPublisher).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        int build = version.IndexOf('+', StringComparison.Ordinal);
        _topics = new SysTopics(build < 0 ? version : version[..build], shard.Now);
    }

    public void OnTimer(TimerNode node, in Instant now)
    {
        shard.Timers.Set(node, now.MonotonicMilliseconds + (long)shard.Engine.Options.SysInterval.TotalMilliseconds);
        shard.Messages.Trim();
        shard.Sessions.MeasureQueues();
        if (_topics is not { } topics)
        {
            return;
        }

        ShardCounters sum = new();
        foreach (Shard each in shard.Engine.Shards)
        {
            each.Counters.AddTo(sum);
        }

        SysSample sample = new()
        {
            Counters = sum,
            RetainedMessages = shard.Engine.RetainedMessages.MessageCount + shard.Engine.SysMessages.MessageCount,
            RetainedBytes = shard.Engine.RetainedMessages.Bytes,
            HeapBytes = shard.Engine.Budget.UsedBytes + shard.Engine.RetainedMessages.Bytes,
            Condition = shard.Engine.Ports.Store.Condition,
            Store = shard.Engine.Ports.Store.Figures,
        };
        topics.Update(sample, now, this);
        shard.Engine.RetainedMessages.Sweep(shard.Now.UtcMilliseconds, 10_000);
    }

    public void OnTopic(string topic, ReadOnlySpan<byte> value)
    {
        Message message = new()
        {
            Topic = Encoding.UTF8.GetBytes(topic),
            Payload = value,
            Retain = true,
            ExpiresAtUtcMilliseconds = long.MaxValue,
        };
        shard.Incoming.PublishOwn(ref message);
    }
}
