using Faults;
using Starling.CommitLog;

namespace Starling.Client.Tests.Outboxes;

/// <summary>What the outbox file takes and refuses: space, other owners, damage.</summary>
public sealed class OutboxSpaceTests
{
    private const int FillBytes = 10_000;
    private readonly MemoryLogDirectory _disk = new();
    private readonly SessionServer _server = new();

    [Fact]
    public void Space_of_acknowledged_messages_is_given_back()
    {
        using OutboxProcess process = Start();
        process.Connect();
        for (int i = 0; i < 200; i++)
        {
            process.Enqueue($"{i:000}", 1 + (i % 2), FillBytes);
        }

        process.WaitUntilEmpty();
        process.Enqueue("last");

        Assert.InRange(_disk.WrittenBytes, 2_000_000, long.MaxValue);
        Assert.InRange(Used(), 1, 700_000);
    }

    [Fact]
    public void A_message_that_is_never_acknowledged_does_not_keep_what_came_after_it()
    {
        using (OutboxProcess process = Start())
        {
            process.Transport.Server.Script = packet => _server.Answer(packet) is var answer && answer == "40 02 0001" ? "" : answer;
            process.Connect();
            process.Enqueue("never");
            for (int i = 0; i < 200; i++)
            {
                process.Transport.Pump(process.Client.PublishAsync(OutboxProcess.Message($"{i:000}", 1 + (i % 2), FillBytes)).AsTask());
            }

            Assert.InRange(Used(), 1, 1_100_000);
            Assert.Equal(1, process.Client.Outbox.Messages);
            process.Kill(_disk, CrashKind.Forget);
        }

        _server.Packets.Clear();
        using OutboxProcess next = Start();
        next.Connect();
        next.WaitUntilEmpty();
        Assert.Contains("PUBLISH 0001 never DUP", _server.Packets);
    }

    [Theory]
    [InlineData(OutboxFull.Wait), InlineData(OutboxFull.Throw)]
    public void The_outbox_is_bounded_in_bytes_and_never_drops(OutboxFull whenFull)
    {
        using OutboxProcess process = new(_disk, _server, options => options.Outbox = OutboxOptions.File("/memory", 25_000, whenFull) with { Directory = _disk });
        process.Enqueue("a", fill: FillBytes);
        process.Enqueue("b", fill: FillBytes);
        Task<OutboxTicket> third = process.Client.EnqueueAsync(OutboxProcess.Message("c", fill: FillBytes)).AsTask();
        if (whenFull == OutboxFull.Throw)
        {
            Assert.Throws<MqttOutboxFullException>(() => process.Transport.Pump(third));
        }
        else
        {
            Assert.False(third.IsCompleted);
        }

        process.Connect();
        process.WaitUntilEmpty();
        process.PumpUntil(() => third.IsCompleted);
        process.WaitUntilEmpty();

        Assert.Equal(whenFull == OutboxFull.Wait ? ["a", "b", "c"] : ["a", "b"], _server.Taken);
    }

    [Fact]
    public void A_full_disk_refuses_what_is_new_keeps_what_is_stored_and_goes_on_when_there_is_room()
    {
        using OutboxProcess process = Start();
        process.Enqueue("stored", fill: FillBytes);
        _disk.CapacityBytes = _disk.Space.TotalBytes - _disk.Space.FreeBytes;
        List<string> stored = ["stored"];
        MqttOutboxFullException? full = null;
        for (int i = 0; i < 100 && full is null; i++)
        {
            try
            {
                process.Enqueue($"{i:000}", fill: FillBytes);
                stored.Add($"{i:000}");
            }
            catch (MqttOutboxFullException cause)
            {
                full = cause;
            }
        }

        Assert.NotNull(full);
        Assert.Contains("its disk is full", full.Message, StringComparison.Ordinal);
        _disk.CapacityBytes = long.MaxValue / 4;
        process.Connect();
        process.WaitUntilEmpty();
        process.Enqueue("after");
        process.WaitUntilEmpty();
        Assert.Equal([.. stored, "after"], _server.Taken);
    }

    [Fact]
    public void A_failed_write_is_one_clear_exception_and_the_connection_lives()
    {
        using OutboxProcess process = Start();
        process.Connect();
        _disk.Fault = static call => call.Operation == LogOperation.Write ? FaultKind.Error : null;

        MqttOutboxException first = Assert.Throws<MqttOutboxException>(() => process.Enqueue("a"));
        MqttOutboxException second = Assert.Throws<MqttOutboxException>(() => process.Enqueue("b"));

        Assert.StartsWith("The outbox /memory has failed: injected: error of ", first.Message, StringComparison.Ordinal);
        Assert.Equal(first.Message, second.Message);
        Assert.False(first.IsTransient);
        process.Transport.Pump(process.Client.PublishAsync(OutboxProcess.Message("c", qos: 0)).AsTask());
        Assert.Equal(ConnectionState.Connected, process.Client.State);
        _disk.Fault = null;
    }

    [Fact]
    public void A_second_process_gets_one_clear_line()
    {
        using OutboxProcess first = Start();
        first.Enqueue("a");
        using OutboxProcess second = Start();

        MqttOutboxException refusal = Assert.Throws<MqttOutboxException>(() => second.Enqueue("b"));

        Assert.Equal("The outbox cannot be opened: /memory is in use. Give each client a directory of its own.", refusal.Message);
        Assert.True(refusal.IsTransient);
        Assert.Throws<MqttOutboxException>(() => second.Connect());
        first.Dispose();
        second.Connect();
        second.WaitUntilEmpty();
        Assert.Equal(["a"], _server.Taken);
    }

    [Fact]
    public void The_outbox_of_another_client_is_refused()
    {
        using (OutboxProcess first = Start())
        {
            first.Enqueue("a");
        }

        using OutboxProcess other = new(_disk, _server, options => options.ClientId = "d");

        MqttOutboxException refusal = Assert.Throws<MqttOutboxException>(() => other.Connect());
        Assert.Equal("The outbox /memory cannot be used: it belongs to the client 'c', not to 'd'.", refusal.Message);
    }

    [Fact]
    public void Without_a_ClientId_a_file_is_refused_at_once()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new OutboxProcess(_disk, _server, options => options.ClientId = null));

        Assert.StartsWith("Outbox in a file needs a ClientId", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void QoS_0_cannot_be_enqueued()
    {
        using OutboxProcess process = Start();

        Assert.Throws<ArgumentException>(() => process.Enqueue("a", qos: 0));
    }

    [Fact]
    public void Damage_in_the_middle_is_refused_with_file_and_offset()
    {
        using (OutboxProcess process = Start())
        {
            process.Enqueue("a");
            process.Enqueue("b");
        }

        string name = $"log/{_disk.List("log")[0]}";
        using (ILogFile file = _disk.Open(name, LogFileMode.ReadWrite))
        {
            file.Write([0xFF], 60);
            file.Sync();
        }

        using OutboxProcess next = Start();
        MqttOutboxException refusal = Assert.Throws<MqttOutboxException>(() => next.Connect());
        Assert.StartsWith($"The outbox /memory is damaged: {name} is damaged at offset 0: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_torn_end_is_taken_away_and_what_was_promised_is_there()
    {
        using (OutboxProcess process = Start())
        {
            process.Enqueue("a");
            process.Kill(_disk, CrashKind.Forget);
        }

        // The beginning of a frame that was never synced to its end.
        string name = $"log/{_disk.List("log")[0]}";
        using (ILogFile file = _disk.Open(name, LogFileMode.ReadWrite))
        {
            byte[] torn = new byte[FrameHeader.Bytes];
            new FrameHeader(4096, 1, 2, 2, 0, 0).Write(torn);
            file.Write(torn, 256);
            file.Sync();
        }

        using OutboxProcess next = Start();
        next.Connect();
        next.Enqueue("b");
        next.WaitUntilEmpty();
        Assert.Equal(["a", "b"], _server.Taken);
    }

    private OutboxProcess Start() => new(_disk, _server, maxBytes: 200_000);

    private long Used() => _disk.Space.TotalBytes - _disk.Space.FreeBytes;
}
