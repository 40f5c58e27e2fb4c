using Faults;
using Microsoft.Extensions.Logging.Abstractions;
using Starling.Client.Core;
using Starling.Client.Outboxes;
using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Client.Tests.Outboxes;

public sealed class OutboxEndTests
{
    private readonly Outbox _outbox = new(
        OutboxOptions.File("/memory", 1 << 20), new EventDispatcher(NullLogger.Instance, static _ => { }, static _ => { }));

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task What_comes_after_the_end_of_the_file_fails_and_does_no_harm(bool wasOpen)
    {
        OutboxStore store = Store();
        if (wasOpen)
        {
            await store.OpenAsync().Bounded();
        }

        await store.DisposeAsync();
        PublishCall late = Call(store);
        store.Add(late);
        store.Done(late);
        PublishCall received = Call(store);
        store.Received(received);

        await Assert.ThrowsAsync<MqttNotConnectedException>(() => late.Stored.Bounded());
        await Assert.ThrowsAsync<MqttNotConnectedException>(() => late.Task.Bounded());
        await Assert.ThrowsAsync<MqttNotConnectedException>(() => received.Task.Bounded());
    }

    [Fact]
    public void What_has_a_ticket_is_not_taken_back()
    {
        PublishCall stored = Call(null);
        stored.SetStored();
        PublishCall waiting = Call(null);

        Assert.Equal((false, true), (stored.TryCancel(new CancellationToken(true)), waiting.TryCancel(new CancellationToken(true))));

        Assert.Equal((false, true), (stored.IsWithdrawn, waiting.IsWithdrawn));
        Assert.True(waiting.Stored.IsCanceled);
    }

    private OutboxStore Store() => new(new OutboxStoreParts
    {
        Directory = new MemoryLogDirectory(),
        ClientId = "c",
        MaxBytes = 1 << 20,
        Outbox = _outbox,
        Mailbox = new Mailbox(),
        Time = TimeProvider.System,
        Logger = NullLogger.Instance,
        Restore = static (_, _) => { },
    });

    private PublishCall Call(OutboxStore? store)
    {
        PublishCall call = new(_outbox, 1, store) { IsTicket = true };
        call.Message = new OutgoingMessage { Topic = new byte[] { 0x74 }, Payload = new byte[1], Qos = QualityOfService.AtLeastOnce, Tag = call };
        return call;
    }
}
