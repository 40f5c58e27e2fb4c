using System.Collections.Concurrent;
using Starling.Broker.Ports;

namespace Starling.Storage.Tests.Stores;

/// <summary>Keeps what a store tells a shard.</summary>
internal sealed class RecordingEvents : IShardStoreEvents
{
    private int _committed;
    private int _failed;

    public int CommittedCount => Volatile.Read(ref _committed);

    public bool HasFailed => Volatile.Read(ref _failed) > 0;

    public ConcurrentQueue<(ulong Session, RecoveredMessage[] Messages, ulong[] Asked)> Answers { get; } = new();

    public SemaphoreSlim Signal { get; } = new(0);

    public void Committed()
    {
        Interlocked.Increment(ref _committed);
        Signal.Release();
    }

    public void MessagesRead(ulong session, RecoveredMessage[] messages, ulong[] asked)
    {
        Answers.Enqueue((session, messages, asked));
        Signal.Release();
    }

    public void Failed()
    {
        Interlocked.Increment(ref _failed);
        Signal.Release();
    }
}
