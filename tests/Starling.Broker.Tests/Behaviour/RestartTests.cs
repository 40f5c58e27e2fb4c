using Starling.Broker.Ports;
using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>What a session finds after its broker was killed and started again.</summary>
public sealed class RestartTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [Statement("MQTT-4.1.0-1"), Statement("MQTT-4.4.0-1")]
    public void What_waits_for_an_absent_session_comes_after_a_crash_in_its_order_whatever_the_number_of_loops(int shards, int shardsAfter)
    {
        RestartHarness test = new(shards);
        test.Broker.Absent("reader", "t/#", 2);
        TestClient publisher = test.Broker.Connect("writer");
        for (int i = 0; i < 600; i++)
        {
            publisher.PublishWhole($"t/{i % 3}", $"{i}", 1 + (i % 2));
        }

        TestClient reader = test.Crash(shardsAfter).Resume("reader");
        Assert.Equal(Enumerable.Range(0, 600).Select(i => $"{i}"), reader.DrainTexts());
        test.Crash();
        Assert.Empty(test.Broker.Resume("reader").DrainTexts());
    }

    [Fact]
    public void What_was_not_committed_was_not_acknowledged_and_is_gone()
    {
        RestartHarness test = new();
        test.Broker.Absent("reader", "t", 1);
        test.Store.IsImmediate = false;
        TestClient publisher = test.Broker.Connect("writer");
        publisher.Publish("t", "1", 1, 1);
        publisher.Publish("t", "2", 1, 2);
        test.Broker.Run();
        test.Store.CommitTo(test.Store.AppendedNow - 1);
        Assert.Equal(1, publisher.Expect(PacketType.PubAck).PacketIdentifier);
        publisher.ExpectNothing();
        Assert.Equal(["1"], test.Crash().Resume("reader").DrainTexts());
    }

    [Fact]
    [Statement("MQTT-4.4.0-1"), Statement("MQTT-3.3.1-1")]
    public void A_delivery_that_was_sent_is_repeated_with_DUP_and_its_identifier_before_what_was_not()
    {
        RestartHarness test = new();
        TestClient reader = test.Broker.Persistent("reader", "t", 1);
        TestClient publisher = test.Broker.Connect("writer");
        publisher.PublishWhole("t", "sent", 1);
        ReceivedPacket first = reader.ExpectPublish("t", "sent");
        reader.Cut();
        publisher.PublishWhole("t", "later", 1, 2);
        reader = test.Crash().Resume("reader");
        ReceivedPacket again = reader.ExpectPublish("t", "sent");
        Assert.Equal((first.PacketIdentifier, true), (again.PacketIdentifier, again.Duplicate));
        Assert.False(reader.ExpectPublish("t", "later").Duplicate);
    }

    [Fact]
    [Statement("MQTT-4.3.3-6")]
    public void A_delivery_past_PUBREC_goes_on_with_PUBREL()
    {
        RestartHarness test = new();
        TestClient reader = test.Broker.Persistent("reader", "t", 2);
        test.Broker.Connect("writer").PublishWhole("t", "x", 2);
        ReceivedPacket delivery = reader.ExpectPublish("t", "x");
        reader.PubRec(delivery.PacketIdentifier);
        reader.Expect(PacketType.PubRel);
        reader = test.Crash().Resume("reader");
        Assert.Equal(delivery.PacketIdentifier, reader.Expect(PacketType.PubRel).PacketIdentifier);
        reader.PubComp(delivery.PacketIdentifier);
        reader.ExpectNothing();
        Assert.Single(test.Store.Now(StoreRecordKind.Finished));
    }

    [Fact]
    [Statement("MQTT-4.4.0-1")]
    public void What_was_sent_before_a_delivery_past_PUBREC_was_sent_too()
    {
        RestartHarness test = new();
        TestClient reader = test.Broker.Persistent("reader", "t", 2);
        TestClient publisher = test.Broker.Connect("writer");
        publisher.PublishWhole("t", "one", 1);
        publisher.PublishWhole("t", "two", 2);
        ushort one = reader.ExpectPublish("t", "one").PacketIdentifier;
        ushort two = reader.ExpectPublish("t", "two").PacketIdentifier;
        reader.PubRec(two);
        reader.Expect(PacketType.PubRel);
        reader = test.Crash().Resume("reader");
        ReceivedPacket again = reader.ExpectPublish("t", "one");
        Assert.Equal((one, true), (again.PacketIdentifier, again.Duplicate));
        Assert.Equal(two, reader.Expect(PacketType.PubRel).PacketIdentifier);
        test.Broker.Connect("writer").PublishWhole("t", "three", 1);
        reader.ExpectPublish("t", "three");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Statement("MQTT-4.3.3-10")]
    public void A_QoS_2_message_sent_again_after_a_crash_is_delivered_once(bool hasReceiver)
    {
        RestartHarness test = new();
        test.Broker.Absent("reader", hasReceiver ? "t" : "other", 2);
        TestClient publisher = test.Broker.Open();
        publisher.Connect("writer", false, uint.MaxValue);
        publisher.Publish("t", "x", 2, 7);
        publisher.Expect(PacketType.PubRec);
        publisher = test.Crash().Resume("writer");
        publisher.PublishAgain("t", "x", 2, 7);
        publisher.Expect(PacketType.PubRec);
        publisher.PubRel(7);
        publisher.Expect(PacketType.PubComp);
        Assert.Equal(hasReceiver ? ["x"] : [], test.Broker.Resume("reader").DrainTexts());
        publisher = test.Crash().Resume("writer");
        publisher.PublishWhole("t", "y", 2, 7);
        Assert.Equal(hasReceiver ? ["y"] : [], test.Broker.Resume("reader").DrainTexts());
    }

    [Fact]
    [Statement("MQTT-3.3.1-5")]
    public void Retained_messages_survive_and_a_deleted_one_stays_deleted()
    {
        RestartHarness test = new(2);
        TestClient publisher = test.Broker.Connect("writer");
        publisher.Keep("a", "old", 1);
        publisher.Keep("a", "new", 1);
        publisher.Keep("b", "gone", 1);
        publisher.Keep("b", "", 1);
        publisher.Keep("c", "zero", 0);
        test.Broker.Run();
        test.Crash();
        Assert.Equal(("new", null, "zero"), (test.Broker.Retained("a"), test.Broker.Retained("b"), test.Broker.Retained("c")));
        test.Broker.Connect("writer").Keep("a", "newer", 1);
        test.Crash();
        Assert.Equal("newer", test.Broker.Retained("a"));
    }

    [Fact]
    public void A_deletion_that_overtakes_an_older_message_in_the_log_says_that_it_may_still_come()
    {
        RestartHarness test = new(2);
        string reader = test.Broker.NameOn(1);
        test.Broker.Absent(reader, "t", 1);
        TestClient slow = test.Broker.Connect(test.Broker.NameOn(0, 1));
        TestClient fast = test.Broker.Connect(test.Broker.NameOn(1, 2));
        slow.Publish("t", "older", 1, 1, true);
        test.Broker.Group.Loops[0].RunIteration();
        fast.Publish("t", "", 0, 0, true);
        test.Broker.Group.Loops[1].RunIteration();
        test.Broker.Run();
        StoredRecord[] records = [.. test.Store.Now(StoreRecordKind.Message).Where(record => record.RetainedRevision != 0)];
        Assert.Equal(["", "older"], records.Select(record => record.Payload));
        Assert.True(records[0].RetainedFloor <= records[1].RetainedRevision);
        test.Crash();
        Assert.Null(test.Broker.Retained("t"));
    }

    [Fact]
    [Statement("MQTT-3.8.4-4")]
    public void Subscriptions_survive_with_their_options_and_a_removed_one_stays_removed()
    {
        RestartHarness test = new();
        TestClient reader = test.Broker.Persistent("reader", "gone", 1);
        reader.SendSubscribe(2, 9, reader.Filter("t/+", 1));
        reader.Expect(PacketType.SubAck);
        reader.SendUnsubscribe(3, "gone");
        reader.Expect(PacketType.UnsubAck);
        reader = test.Crash(2).Resume("reader");
        TestClient publisher = test.Broker.Connect("writer");
        publisher.PublishWhole("gone", "no", 1);
        publisher.PublishWhole("t/1", "yes", 2, 2);
        ReceivedPacket got = Assert.Single(reader.Drain());
        Assert.Equal(("yes", QualityOfService.AtLeastOnce, 9u), (got.Text, got.Qos, Assert.Single(got.SubscriptionIdentifiers)));
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(101, false)]
    [Statement("MQTT-4.1.0-2")]
    public void The_expiry_of_an_absent_session_goes_on_while_nothing_runs(double downSeconds, bool isThere)
    {
        RestartHarness test = new();
        TestClient reader = test.Broker.Connect("reader", cleanStart: false, expiry: 100);
        reader.Subscribe("t", 1);
        reader.Cut();
        test.Broker.Run();
        test.Crash(downSeconds: downSeconds);
        Assert.Equal(isThere, test.Broker.Open().Connect("reader", false, 100).SessionPresent);
        Assert.Equal(isThere ? 0 : 1, test.Store.Now(StoreRecordKind.SessionEnded).Count());
    }

    [Theory]
    [InlineData(159, true)]
    [InlineData(161, false)]
    public void The_expiry_of_a_session_whose_client_was_connected_counts_from_the_restart_and_the_grace(double seconds, bool isThere)
    {
        RestartHarness test = new();
        test.Broker.Connect("reader", cleanStart: false, expiry: 100);
        test.Crash(downSeconds: 100_000);
        test.PassSeconds(seconds);
        Assert.Equal(isThere, test.Broker.Open().Connect("reader", false, 100).SessionPresent);
    }

    [Fact]
    public void Time_in_data_does_not_run_backwards_with_the_wall_clock()
    {
        RestartHarness test = new();
        test.Broker.Absent("reader", "t", 1);
        test.Broker.Connect("writer").PublishExpiring("t", "x", 100, 1);
        test.Broker.Run();
        test.Crash(downSeconds: 99);
        Assert.Equal(["x"], test.Broker.Resume("reader").DrainTexts());
    }

    [Fact]
    public void A_message_expires_while_nothing_runs()
    {
        RestartHarness test = new();
        test.Broker.Absent("reader", "t", 1);
        test.Broker.Connect("writer").PublishExpiring("t", "x", 100, 1);
        test.Broker.Run();
        test.Crash(downSeconds: 101);
        Assert.Empty(test.Broker.Resume("reader").DrainTexts());
    }

    [Fact]
    public void Of_two_sessions_of_one_client_the_newer_is_kept_and_the_older_ended()
    {
        ModelStore store = new();
        BrokerHarness broker = new(1, ports: new BrokerPorts { Store = store });
        broker.Absent("reader", "t", 1);
        StoredRecord opened = store.Now(StoreRecordKind.SessionOpened).Single();
        broker.Open().Connect("reader", true, uint.MaxValue);
        store.Records.RemoveAll(record => record.Kind == StoreRecordKind.SessionEnded);
        ModelStore next = store.Crash();
        BrokerHarness after = new(1, ports: new BrokerPorts { Store = next });
        after.Run();
        Assert.Equal(opened.Session, Assert.Single(next.Now(StoreRecordKind.SessionEnded)).Session);
        after.Resume("reader");
        Assert.Equal(1, after.Counters.SessionsNow);
    }

    [Fact]
    public void A_deletion_of_what_is_just_being_deleted_is_answered_when_it_is_stored()
    {
        RestartHarness test = new();
        test.Broker.Connect("writer").Keep("t", "x", 1);
        test.Store.IsImmediate = false;
        TestClient first = test.Broker.Connect("first");
        TestClient second = test.Broker.Connect("second");
        first.Publish("t", "", 1, 1, true);
        second.Publish("t", "", 1, 1, true);
        first.ExpectNothing();
        second.ExpectNothing();
        test.Store.Commit();
        first.Expect(PacketType.PubAck);
        second.Expect(PacketType.PubAck);
    }

    [Fact]
    public void A_client_without_a_Will_that_leaves_makes_no_record_but_that_it_is_away()
    {
        RestartHarness test = new();
        TestClient client = test.Broker.Connect("c", cleanStart: false, expiry: 60);
        int before = test.Store.Records.Count;
        client.Disconnect();
        test.Broker.Run();
        Assert.Equal([StoreRecordKind.SessionAway], test.Store.Records.Skip(before).Select(record => record.Kind));
    }

    [Fact]
    public void Session_numbers_are_not_used_again()
    {
        RestartHarness test = new();
        test.Broker.Connect("a", expiry: 60);
        ulong before = test.Store.Now(StoreRecordKind.SessionOpened).Single().Session;
        test.Crash().Connect("b", expiry: 60);
        Assert.True(test.Store.Now(StoreRecordKind.SessionOpened).Single().Session > before);
    }

    [Fact]
    public void What_the_broker_says_of_itself_is_not_recorded()
    {
        ModelStore store = new();
        BrokerHarness broker = new(1, new BrokerOptions { SysInterval = TimeSpan.FromSeconds(1) }, new BrokerPorts { Store = store });
        broker.PassSeconds(5);
        Assert.Empty(store.Records);
    }
}
