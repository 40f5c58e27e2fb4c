using Starling.Broker.Diagnostics;
using Starling.Broker.Ports;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Messages that wait in the store leave the memory and come back in pieces.</summary>
public sealed class BacklogTests
{
    private static readonly string Large = new('x', 4000);

    [Fact]
    public void A_backlog_larger_than_the_memory_is_stored_and_delivered()
    {
        BrokerOptions options = BrokerHarness.Options with
        {
            MemoryBudgetBytes = 32L << 20, SessionQueueBytesMax = 1L << 30, SessionQueueMessagesMax = 1_000_000,
        };
        RestartHarness test = new(options: options);
        test.Broker.Absent("reader", "t", 1);
        TestClient publisher = test.Broker.Connect("writer");
        long most = 0;
        for (int i = 0; i < 9_000; i++)
        {
            publisher.PublishWhole("t", $"{i} {Large}", 1);
            most = Math.Max(most, test.Broker.Engine.Budget.UsedBytes);
        }

        Assert.InRange(most, 0, 4 << 20);
        TestClient reader = test.Broker.Open();
        ConnectPacket connect = reader.NewConnect("reader", false, uint.MaxValue);
        connect.ReceiveMaximum = 100;
        reader.Connect(connect);
        int next = 0;
        for (List<ReceivedPacket> packets = reader.ReadAll(); packets.Count > 0; packets = reader.ReadAll())
        {
            foreach (ReceivedPacket packet in packets)
            {
                Assert.StartsWith($"{next++} ", packet.Text, StringComparison.Ordinal);
                reader.PubAck(packet.PacketIdentifier);
            }

            most = Math.Max(most, test.Broker.Engine.Budget.UsedBytes);
        }

        Assert.Equal(9_000, next);
        Assert.InRange(most, 0, 8 << 20);
    }

    [Fact]
    public void What_waits_long_for_a_connected_client_leaves_the_memory_once_it_is_stored()
    {
        RestartHarness test = new();
        TestClient reader = test.Broker.Open();
        ConnectPacket connect = reader.NewConnect("reader", false, uint.MaxValue);
        connect.ReceiveMaximum = 2;
        reader.Connect(connect);
        reader.Subscribe("t", 1);
        TestClient publisher = test.Broker.Connect("writer");
        for (int i = 0; i < 500; i++)
        {
            publisher.PublishWhole("t", $"{i} {Large}", 1);
        }

        long before = test.Broker.Engine.Budget.UsedBytes;
        test.PassSeconds(3);
        Assert.True(test.Broker.Engine.Budget.UsedBytes < before / 4);
        Assert.Equal(Enumerable.Range(0, 500), reader.Drain().Select(packet => int.Parse(packet.Text.Split(' ')[0], null)));
    }

    [Fact]
    public void What_is_not_committed_stays_in_memory()
    {
        RestartHarness test = new();
        test.Broker.Absent("reader", "t", 1);
        test.Store.IsImmediate = false;
        test.Broker.Connect("writer").Publish("t", "x", 1, 1);
        test.Broker.Run();
        test.Store.IsReadingHeld = true;
        TestClient reader = test.Broker.Open();
        reader.Send(reader.NewConnect("reader", false, uint.MaxValue));
        test.Broker.Run();
        test.Store.Commit();
        reader.Expect(PacketType.ConnAck);
        reader.ExpectPublish("t", "x");
    }

    [Fact]
    public void A_piece_that_arrives_after_the_client_has_left_is_used_by_its_next_connection()
    {
        RestartHarness test = new();
        test.Broker.Absent("reader", "t", 1);
        test.Broker.Connect("writer").PublishWhole("t", "x", 1);
        test.Store.IsReadingHeld = true;
        TestClient reader = test.Broker.Resume("reader");
        reader.ExpectNothing();
        Assert.Single(test.Store.Questions);
        reader.Cut();
        test.Broker.Run();
        test.Store.AnswerAll();
        test.Broker.Run();
        reader = test.Broker.Resume("reader");
        test.Store.AnswerAll();
        Assert.Equal(["x"], reader.DrainTexts());
    }

    [Fact]
    public void Many_sessions_that_come_back_at_once_are_read_a_few_at_a_time()
    {
        RestartHarness test = new();
        for (int i = 0; i < 40; i++)
        {
            test.Broker.Absent($"reader-{i}", "t", 1);
        }

        TestClient publisher = test.Broker.Connect("writer");
        for (int i = 0; i < 100; i++)
        {
            publisher.PublishWhole("t", $"{i} {Large}", 1);
        }

        test.Store.IsReadingHeld = true;
        TestClient[] readers = [.. Enumerable.Range(0, 40).Select(i => test.Broker.Resume($"reader-{i}"))];
        test.Broker.Run();
        Assert.InRange(test.Store.Questions.Count, 10, 20);
        test.Store.IsReadingHeld = false;
        test.Store.AnswerAll();
        Assert.All(readers, reader => Assert.Equal(100, reader.Drain().Count));
    }

    [Fact]
    public void A_QoS_1_copy_that_is_given_up_at_once_is_finished_behind_its_record()
    {
        RestartHarness test = new(2);
        TestClient reader = test.Broker.Open();
        ConnectPacket connect = reader.NewConnect(test.Broker.NameOn(1), false, uint.MaxValue);
        connect.MaximumPacketBytes = 100;
        reader.Connect(connect);
        reader.Subscribe("t", 1);
        test.Broker.Connect(test.Broker.NameOn(0, 1)).PublishWhole("t", Large, 1);
        test.Broker.Run();
        StoredRecord message = test.Store.Now(StoreRecordKind.Message).Single();
        Assert.Contains(
            test.Store.Records.SkipWhile(record => record != message),
            record => record.Ranges.Any(range => range.From == message.References[0].Sequence));
    }

    [Fact]
    public void A_delivery_that_cannot_be_read_back_is_given_up_counted_and_finished()
    {
        RestartHarness test = new();
        test.Broker.Absent("reader", "t", 1);
        TestClient publisher = test.Broker.Connect("writer");
        publisher.PublishWhole("t", "1", 1);
        publisher.PublishWhole("t", "2", 1);
        publisher.PublishWhole("t", "3", 1);
        test.Store.Damaged.Add(test.Store.Now(StoreRecordKind.Message).ElementAt(1).References[0].Sequence);
        Assert.Equal(["1", "3"], test.Broker.Resume("reader").DrainTexts());
        Assert.Equal(1, test.Broker.Dropped(DropReason.Unreadable));
        Assert.Equal(1, test.Broker.Log.Count(1012));
        Assert.Equal(3, test.Store.Now(StoreRecordKind.Finished).SelectMany(record => record.Ranges).Sum(range => (int)(range.To - range.From + 1)));
    }

    [Fact]
    public void What_is_finished_in_one_iteration_makes_one_record_of_ranges()
    {
        RestartHarness test = new();
        TestClient reader = test.Broker.Persistent("reader", "t", 1);
        TestClient publisher = test.Broker.Connect("writer");
        for (int i = 0; i < 10; i++)
        {
            publisher.PublishWhole("t", $"{i}", 1);
        }

        reader.ReadAll().ForEach(packet => reader.PubAck(packet.PacketIdentifier));
        test.Broker.Run();
        StoreRange range = Assert.Single(Assert.Single(test.Store.Now(StoreRecordKind.Finished)).Ranges);
        Assert.Equal((0UL, 9UL), (range.From, range.To));
    }
}
