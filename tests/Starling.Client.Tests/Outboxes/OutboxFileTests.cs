using Faults;
using Microsoft.Extensions.Time.Testing;
using Starling.Protocol;

namespace Starling.Client.Tests.Outboxes;

/// <summary>The outbox file over several lives of a program, on virtual time and a disk that loses what was not synced.</summary>
public sealed class OutboxFileTests
{
    private readonly MemoryLogDirectory _disk = new();
    private readonly SessionServer _server = new();

    [Theory]
    [InlineData(1), InlineData(2)]
    public void What_was_enqueued_offline_is_sent_by_the_next_process_in_its_order(int qos)
    {
        using (OutboxProcess first = Start())
        {
            Assert.Equal((1UL, 2UL, 3UL), (first.Enqueue("a", qos).Id, first.Enqueue("b", qos).Id, first.Enqueue("c", qos).Id));
            first.Kill(_disk, CrashKind.Forget);
        }

        using OutboxProcess second = Start();
        second.Connect();
        Assert.Equal(4UL, second.Enqueue("d", qos).Id);
        second.WaitUntilEmpty();

        Assert.Equal(["a", "b", "c", "d"], _server.Taken);
        Assert.Equal(new OutboxInfo(0, 0, 3, 3, 0), second.Client.Outbox);
    }

    [Fact]
    public void An_enqueue_returns_only_when_the_message_is_synced()
    {
        int syncs = 0;
        using OutboxProcess process = Start();
        process.Enqueue("first");
        _disk.Fault = call =>
        {
            syncs += call.Operation == LogOperation.Sync ? 1 : 0;
            return null;
        };

        process.Enqueue("second");

        Assert.True(syncs > 0, "It returned without a sync.");
    }

    [Fact, Statement("MQTT-4.4.0-1")]
    public void QoS_1_that_was_sent_is_sent_again_with_its_identifier_and_DUP()
    {
        _server.Silent.Add(PacketType.Publish);
        using (OutboxProcess first = Start())
        {
            first.Connect();
            first.Enqueue("a");
            first.Enqueue("b");
            first.PumpUntil(() => _server.Packets.Count == 2);
            first.Kill(_disk, CrashKind.Forget);
        }

        _server.Silent.Clear();
        using OutboxProcess second = Start();
        second.Connect();
        second.WaitUntilEmpty();

        Assert.Equal(["PUBLISH 0001 a", "PUBLISH 0002 b", "PUBLISH 0001 a DUP", "PUBLISH 0002 b DUP"], _server.Packets);
    }

    [Fact, Statement("MQTT-4.3.3-6")]
    public void QoS_2_past_PUBREC_goes_on_with_PUBREL_after_a_power_cut()
    {
        _server.Silent.Add(PacketType.PubRel);
        using (OutboxProcess first = Start())
        {
            first.Connect();
            first.Enqueue("a", qos: 2);
            first.Enqueue("b", qos: 2);
            first.PumpUntil(() => _server.Packets.Count == 4);
            first.Kill(_disk, CrashKind.Forget);
        }

        _server.Packets.Clear();
        _server.Silent.Clear();
        using OutboxProcess second = Start();
        second.Connect();
        second.WaitUntilEmpty();

        Assert.Equal(["PUBREL 0001", "PUBREL 0002"], _server.Packets);
        Assert.Equal(["a", "b"], _server.Taken);
    }

    [Fact]
    public void PUBREL_does_not_leave_before_PUBREC_is_on_the_disk()
    {
        bool isBlocked = false;
        using OutboxProcess process = Start();
        process.Connect();
        process.Enqueue("warm up");
        process.WaitUntilEmpty();
        _server.Packets.Clear();

        // From the PUBLISH on no sync succeeds, so what PUBREC said cannot be written down.
        _disk.Fault = call => Volatile.Read(ref isBlocked) && call.Operation == LogOperation.Sync ? FaultKind.Error : null;
        process.Transport.Server.Script = packet =>
        {
            string? answer = _server.Answer(packet);
            Volatile.Write(ref isBlocked, _server.Packets.Count > 0);
            return answer;
        };
        Task<PublishResult> publish = process.Client.PublishAsync(OutboxProcess.Message("a", qos: 2)).AsTask();

        Assert.Throws<MqttOutboxException>(() => process.Transport.Pump(publish));
        Assert.Equal(["PUBLISH 0002 a"], _server.Packets);
        process.Kill(_disk, CrashKind.Forget);

        using OutboxProcess next = Start();
        next.Connect();
        next.WaitUntilEmpty();
        Assert.Equal(["warm up", "a"], _server.Taken);
        Assert.Equal(0, _server.Open);
    }

    [Fact]
    public void With_the_session_gone_only_QoS_2_past_PUBREC_has_no_known_outcome()
    {
        List<DropReason> drops = [];
        _server.Silent.Add(PacketType.PubRel);
        using (OutboxProcess first = Start())
        {
            first.Connect();
            first.Enqueue("past", qos: 2);
            first.PumpUntil(() => _server.Packets.Count == 2);
            _server.Silent.Add(PacketType.Publish);
            first.Enqueue("before", qos: 2);
            first.Enqueue("one");
            first.PumpUntil(() => _server.Packets.Count == 4);
            first.Kill(_disk, CrashKind.Forget);
        }

        _server.Forget();
        _server.Taken.Clear();
        _server.Silent.Clear();
        using OutboxProcess second = Start();
        second.Client.MessageDropped += (_, drop) =>
        {
            lock (drops)
            {
                drops.Add(drop.Reason);
            }
        };
        second.Connect();
        second.WaitUntilEmpty();
        second.PumpUntil(() =>
        {
            lock (drops)
            {
                return drops.Count > 0;
            }
        });

        Assert.Equal(["before", "one"], _server.Taken);
        Assert.Equal([DropReason.OutcomeUnknown], drops);
        Assert.Equal(new OutboxInfo(0, 0, 3, 2, 1), second.Client.Outbox);
    }

    [Fact]
    public void Disposing_drains_what_it_can_and_the_file_keeps_the_rest()
    {
        _server.Silent.Add(PacketType.Publish);
        Task<PublishResult> outcome;
        using (OutboxProcess first = Start())
        {
            first.Connect();
            outcome = first.Enqueue("kept").Completion;
        }

        Assert.IsType<MqttNotConnectedException>(outcome.Exception?.InnerException);
        _server.Silent.Clear();
        using OutboxProcess second = Start();
        second.Connect();
        second.WaitUntilEmpty();
        Assert.Equal(["kept", "kept"], _server.Taken);
    }

    [Fact]
    public void What_was_acknowledged_is_not_sent_by_the_next_process()
    {
        using (OutboxProcess first = Start())
        {
            first.Connect();
            first.Transport.Pump(first.Client.PublishAsync(OutboxProcess.Message("a")).AsTask());
        }

        using OutboxProcess second = Start();
        second.Connect();
        second.Enqueue("b");
        second.WaitUntilEmpty();

        Assert.Equal(["a", "b"], _server.Taken);
    }

    [Fact]
    public void A_cancelled_publish_that_was_not_sent_is_not_sent_by_the_next_process_either()
    {
        using (OutboxProcess first = Start())
        {
            using CancellationTokenSource cancel = new();
            Task<PublishResult> publish = first.Client.PublishAsync(OutboxProcess.Message("cancelled"), cancel.Token).AsTask();
            first.Enqueue("kept");
            cancel.Cancel();
            Assert.Throws<TaskCanceledException>(() => first.Transport.Pump(publish));
        }

        using OutboxProcess second = Start();
        second.Connect();
        second.WaitUntilEmpty();

        Assert.Equal(["kept"], _server.Taken);
    }

    [Fact]
    public void A_publish_that_is_cancelled_after_it_was_sent_goes_on()
    {
        _server.Silent.Add(PacketType.PubRel);
        using OutboxProcess process = Start();
        process.Connect();
        using CancellationTokenSource cancel = new();
        Task<PublishResult> publish = process.Client.PublishAsync(OutboxProcess.Message("a", qos: 2), cancel.Token).AsTask();
        process.PumpUntil(() => _server.Packets.Count == 2);

        cancel.Cancel();
        Assert.Throws<TaskCanceledException>(() => process.Transport.Pump(publish));
        _server.Silent.Clear();
        process.Transport.Cut();
        process.WaitUntilEmpty();

        Assert.Equal((0, "PUBREL 0001"), (_server.Open, _server.Packets[^1]));
    }

    [Fact]
    public void A_client_that_gives_up_leaves_its_messages_in_the_file()
    {
        _server.Silent.Add(PacketType.Publish);
        using OutboxProcess process = Start();
        process.Connect();
        Task<PublishResult> publish = process.Client.PublishAsync(OutboxProcess.Message("a")).AsTask();
        process.PumpUntil(() => _server.Packets.Count == 1);

        process.Transport.ServerSends("E0 01 8E");
        Assert.Throws<MqttDisconnectedException>(() => process.Transport.Pump(publish));
        _server.Silent.Clear();
        process.PumpUntil(() => process.Client.State == ConnectionState.Faulted);
        process.Connect();
        process.WaitUntilEmpty();

        Assert.Equal(["PUBLISH 0001 a", "PUBLISH 0001 a DUP"], _server.Packets);
    }

    [Fact]
    public void What_has_expired_when_the_next_process_starts_is_not_sent()
    {
        // The clock of the next process begins 20 s after this one.
        DateTimeOffset before = new(2025, 12, 31, 23, 59, 40, TimeSpan.Zero);
        using (OutboxProcess first = new(_disk, _server, options => options.TimeProvider = new FakeTimeProvider(before)))
        {
            first.Transport.Pump(first.Client.EnqueueAsync(OutboxProcess.Message("gone") with { Expiry = TimeSpan.FromSeconds(10) }).AsTask());
            first.Transport.Pump(first.Client.EnqueueAsync(OutboxProcess.Message("left") with { Expiry = TimeSpan.FromSeconds(60) }).AsTask());
            first.Kill(_disk, CrashKind.Forget);
        }

        using OutboxProcess second = Start();
        second.Connect();
        second.WaitUntilEmpty();

        Assert.Equal(["left"], _server.Taken);
        Assert.Contains("0200000028", Assert.Single(second.Transport.Server.Of(PacketType.Publish)), StringComparison.Ordinal);
        Assert.Equal(new OutboxInfo(0, 0, 2, 1, 1), second.Client.Outbox);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void Expiry_counts_while_a_message_waits(bool isFile)
    {
        using OutboxProcess process = new(_disk, _server, options => options.Outbox = isFile ? options.Outbox : OutboxOptions.Memory(1 << 20));
        process.Transport.Server.Script = null;
        process.Transport.Server.ConnAck = "20 06 00 00 03 210001";
        process.Transport.Server.Silent.Add(PacketType.Publish);
        process.Connect();
        process.Enqueue("first");
        OutboxTicket gone = process.Transport.Pump(process.Client.EnqueueAsync(OutboxProcess.Message("gone") with { Expiry = TimeSpan.FromSeconds(10) }).AsTask());
        OutboxTicket left = process.Transport.Pump(process.Client.EnqueueAsync(OutboxProcess.Message("left") with { Expiry = TimeSpan.FromSeconds(50) }).AsTask());
        process.PumpUntil(() => process.Transport.Server.Of(PacketType.Publish).Length == 1);

        process.Transport.Pass(TimeSpan.FromSeconds(20));
        Assert.Throws<MqttMessageExpiredException>(() => process.Transport.Pump(gone.Completion));
        process.Transport.Server.Silent.Clear();
        process.Transport.ServerSends("40 02 0001");
        process.Transport.Pump(left.Completion);

        // What is left of 50 s, perhaps without the last one, because the clocks of caller and loop are two.
        string sent = process.Transport.Server.Of(PacketType.Publish)[1];
        Assert.True(sent.Contains("020000001E", StringComparison.Ordinal) || sent.Contains("020000001F", StringComparison.Ordinal), sent);
    }

    private OutboxProcess Start() => new(_disk, _server);
}
