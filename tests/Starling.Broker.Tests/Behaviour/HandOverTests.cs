using Starling.Broker.Ports;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>What an ended session leaves to the other members of a shared group, in the store.</summary>
public sealed class HandOverTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [Statement("MQTT-4.8.2-5")]
    public void Each_delivery_is_taken_over_by_the_record_that_gives_it_away_and_the_session_ends_behind_the_last(int shards, int qos)
    {
        RestartHarness test = new(shards);
        string leaver = test.Broker.NameOn(0, 1);
        test.Broker.Absent(leaver, "$share/g/t", qos);
        TestClient publisher = test.Broker.Connect(test.Broker.NameOn(shards - 1, 2));
        for (int i = 0; i < 200; i++)
        {
            publisher.PublishWhole("t", $"{i}", qos);
        }

        TestClient heir = test.Broker.Persistent(test.Broker.NameOn(shards - 1, 3), "$share/g/t", 2);
        ulong session = test.Store.Now(StoreRecordKind.SessionOpened).First().Session;
        test.Broker.Open().Connect(leaver, true, 0);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), heir.DrainTexts());
        StoredRecord[] taken = [.. test.Store.Now(StoreRecordKind.Message).Where(record => record.TakenFrom.Session == session)];
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (ulong)i), taken.Select(record => record.TakenFrom.From));
        StoredRecord ended = Assert.Single(test.Store.Now(StoreRecordKind.SessionEnded));
        Assert.True(test.Store.Records.IndexOf(ended) > test.Store.Records.IndexOf(taken[^1]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_crash_in_the_middle_loses_nothing_and_doubles_no_QoS_2(int shards)
    {
        RestartHarness first = new(shards);
        first.Broker.Absent("leaver", "$share/g/t", 2);
        TestClient publisher = first.Broker.Connect("publisher");
        for (int i = 0; i < 20; i++)
        {
            publisher.PublishWhole("t", $"{i}", 2);
        }

        first.Broker.Absent("heir", "$share/g/t", 2);
        first.Store.IsImmediate = false;
        TestClient again = first.Broker.Open();
        again.Send(again.NewConnect("leaver"));
        first.Broker.Run();
        first.Store.CommitTo(first.Store.CommittedNow + 10);
        first.Broker.Run();
        first.Crash();
        string[] heir = first.Broker.Resume("heir").DrainTexts();
        string[] leaver = first.Broker.Resume("leaver").DrainTexts();
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}").Order(), heir.Concat(leaver).Order());
    }

    [Fact]
    public void CONNACK_of_a_Clean_Start_waits_until_the_old_session_has_ended_in_the_store()
    {
        RestartHarness test = new(2);
        string leaver = test.Broker.NameOn(0, 1);
        test.Broker.Absent(leaver, "$share/g/t", 1);
        test.Broker.Connect("publisher").PublishWhole("t", "x", 1);
        test.Broker.Absent(test.Broker.NameOn(1, 2), "$share/g/t", 1);
        test.Store.IsReadingHeld = true;
        TestClient again = test.Broker.Open();
        again.Send(again.NewConnect(leaver, true, uint.MaxValue));
        again.ExpectNothing();
        test.Store.AnswerAll();
        Assert.False(again.Expect(PacketType.ConnAck).SessionPresent);
        Assert.Single(test.Store.Now(StoreRecordKind.SessionEnded));
    }

    [Fact]
    [Statement("MQTT-4.8.2-5")]
    public void A_shared_QoS_2_message_is_known_as_sent_before_it_is()
    {
        RestartHarness test = new();
        test.Broker.Absent("member", "$share/g/t", 2);
        test.Broker.Connect("publisher").PublishWhole("t", "x", 2);
        TestClient member = test.Broker.Resume("member");
        member.ReadAll();
        Assert.Contains(test.Store.Now(StoreRecordKind.Sent), record => record is { Sequence: 1, IsAwaited: true });
        test.Crash();
        test.Broker.Absent("heir", "$share/g/t", 2);
        test.Broker.Open().Connect("member", true, 0);
        Assert.Empty(test.Broker.Resume("heir").DrainTexts());
    }

    [Fact]
    public void The_answer_to_a_question_that_the_session_asked_before_it_ended_is_nobodys()
    {
        RestartHarness test = new();
        test.Broker.Absent("leaver", "$share/g/t", 1);
        TestClient publisher = test.Broker.Connect("publisher");
        for (int i = 0; i < 300; i++)
        {
            publisher.PublishWhole("t", $"{i}", 1);
        }

        TestClient heir = test.Broker.Persistent("heir", "$share/g/t", 2);
        test.Store.IsReadingHeld = true;
        test.Broker.Resume("leaver");
        Assert.Single(test.Store.Questions);
        TestClient again = test.Broker.Open();
        again.Send(again.NewConnect("leaver"));
        test.Broker.Run();
        test.Store.IsReadingHeld = false;
        test.Store.AnswerAll();
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), heir.DrainTexts());
        Assert.Single(test.Store.Now(StoreRecordKind.SessionEnded));
        again.Expect(PacketType.ConnAck);
    }

    [Fact]
    public void What_is_only_reserved_is_handed_over_when_its_record_is_stored()
    {
        RestartHarness test = new(2);
        string leaver = test.Broker.NameOn(1, 1);
        test.Broker.Absent(leaver, "$share/g/t", 2);
        TestClient publisher = test.Broker.Connect(test.Broker.NameOn(0, 2));
        test.Store.IsImmediate = false;
        publisher.Publish("t", "x", 2, 1);
        test.Broker.Group.Loops[0].RunIteration();
        test.Broker.Group.Loops[1].RunIteration();
        test.Store.IsImmediate = true;
        test.Broker.Absent(test.Broker.NameOn(1, 3), "$share/g/t", 2);
        test.Broker.Open(loop: 1).Connect(leaver, true, 0);
        test.Store.Commit();
        publisher.Expect(PacketType.PubRec);
        Assert.Equal(["x"], test.Broker.Resume(test.Broker.NameOn(1, 3)).DrainTexts());
        StoredRecord[] messages = [.. test.Store.Now(StoreRecordKind.Message)];
        Assert.Equal((0UL, messages[0].References[0].Session), (messages[0].TakenFrom.Session, messages[1].TakenFrom.Session));
    }

    [Fact]
    public void What_is_in_memory_alone_is_handed_over_behind_what_is_read_back()
    {
        RestartHarness test = new();
        test.Broker.Absent("leaver", "$share/g/t", 1);
        TestClient publisher = test.Broker.Connect("publisher");
        publisher.PublishWhole("t", "stored", 1);
        TestClient leaver = test.Broker.Open();
        ConnectPacket connect = leaver.NewConnect("leaver", false, 0);
        connect.ReceiveMaximum = 1;
        leaver.Connect(connect);
        publisher.PublishWhole("t", "in memory", 1);
        TestClient heir = test.Broker.Persistent("heir", "$share/g/t", 1);
        leaver.Cut();
        Assert.Equal(["stored", "in memory"], heir.DrainTexts());
        Assert.Single(test.Store.Now(StoreRecordKind.SessionEnded));
    }

    [Fact]
    [Statement("MQTT-4.8.2-5")]
    public void A_session_that_ends_with_its_connection_still_records_what_it_has_taken()
    {
        RestartHarness test = new();
        test.Broker.Absent("member", "$share/g/t", 2);
        test.Broker.Connect("publisher").PublishWhole("t", "x", 2);
        TestClient member = test.Broker.Open();
        member.Connect("member", false, 0);
        Assert.Equal(["x"], member.DrainTexts());
        test.Crash();
        test.Broker.Absent("heir", "$share/g/t", 2);
        Assert.Empty(test.Broker.Resume("heir").DrainTexts());
    }

    [Fact]
    public void Records_of_one_client_keep_their_order_across_a_Clean_Start()
    {
        RestartHarness test = new(2);
        test.Broker.Absent(test.Broker.NameOn(1), "t", 1);
        test.Broker.Absent(test.Broker.NameOn(0), "u", 1);
        string name = test.Broker.NameOn(0, 1);
        TestClient publisher = test.Broker.Open();
        publisher.Connect(name, true, 0);
        publisher.Publish("t", "1", 1, 1);
        test.Broker.Group.Loops[0].RunIteration();
        TestClient again = test.Broker.Open();
        again.Send(again.NewConnect(name, true, 0));
        again.Publish("u", "2", 1, 1);
        test.Broker.Group.Loops[0].RunIteration();
        test.Broker.Run();
        Assert.Equal(["1", "2"], test.Store.Now(StoreRecordKind.Message).Select(record => record.Payload));
    }
}
