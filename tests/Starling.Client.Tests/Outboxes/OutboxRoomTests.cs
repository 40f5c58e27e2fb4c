using Microsoft.Extensions.Logging.Abstractions;
using Starling.Client.Core;

namespace Starling.Client.Tests.Outboxes;

public sealed class OutboxRoomTests
{
    private readonly Outbox _outbox = new(
        OutboxOptions.Memory(100), new EventDispatcher(NullLogger.Instance, static _ => { }, static _ => { }));

    [Fact]
    public async Task Who_waits_no_longer_stands_in_nobodys_way()
    {
        using CancellationTokenSource cancel = new();
        Assert.True(_outbox.TryEnter(60));
        Task large = _outbox.EnterAsync(90, cancel.Token).AsTask();
        Task small = _outbox.EnterAsync(30, TestContext.Current.CancellationToken).AsTask();
        Assert.False(small.IsCompleted);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large.Bounded());
        await small.Bounded();
        Assert.True(_outbox.TryEnter(10), "One who is gone still waits.");
        Assert.Equal(new OutboxInfo(3, 100, 0, 0, 0), _outbox.Look());
    }

    [Fact]
    public async Task Who_waits_no_longer_behind_another_takes_no_room_later()
    {
        using CancellationTokenSource cancel = new();
        Assert.True(_outbox.TryEnter(60));
        Task first = _outbox.EnterAsync(90, TestContext.Current.CancellationToken).AsTask();
        Task second = _outbox.EnterAsync(10, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Bounded());

        _outbox.Leave(60);

        await first.Bounded();
        Assert.Equal(new OutboxInfo(1, 90, 0, 0, 0), _outbox.Look());
    }
}
