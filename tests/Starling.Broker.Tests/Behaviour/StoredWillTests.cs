using Starling.Broker.Ports;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Wills of persistent sessions in the store: published once, whenever the broker is killed.</summary>
public sealed class StoredWillTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Statement("MQTT-3.1.2-8")]
    public void Nobody_gets_a_Will_before_its_record_is_stored_and_then_everybody(int shards)
    {
        RestartHarness test = new(shards);
        TestClient[] readers =
        [
            test.Broker.Persistent(test.Broker.NameOn(0, 1), "w", 1),
            test.Broker.Persistent(test.Broker.NameOn(shards - 1, 2), "w", 0),
            test.Broker.Subscriber(test.Broker.NameOn(0, 3), "w", 2),
            test.Broker.Subscriber(test.Broker.NameOn(shards - 1, 4), "w"),
            test.Broker.Persistent(test.Broker.NameOn(shards - 1, 5), "w", 2),
            test.Broker.Persistent(test.Broker.NameOn(shards - 1, 6), "$share/g/w", 1),
            test.Broker.Subscriber(test.Broker.NameOn(0, 7), "$share/h/w", 1),
        ];
        TestClient client = WithWill(test.Broker, test.Broker.NameOn(shards - 1, 8), 0);
        test.Store.IsImmediate = false;
        client.Cut();
        test.Broker.Run();
        Assert.All(readers, reader => Assert.Empty(reader.DrainTexts()));
        StoredRecord record = Assert.Single(test.Store.Now(StoreRecordKind.Message));
        Assert.True(record.IsWill);
        Assert.Equal(3, record.References.Length);
        test.Store.Commit();
        Assert.All(readers, reader => Assert.Equal(["gone"], reader.DrainTexts()));
    }

    [Fact]
    public void A_Will_whose_record_was_not_stored_comes_after_the_restart()
    {
        RestartHarness test = new();
        TestClient client = WithWill(test.Broker, "c", 0);
        test.Store.IsImmediate = false;
        client.Cut();
        test.Broker.Run();
        TestClient reader = test.Crash().Subscriber("reader", "w");
        test.PassSeconds(59);
        reader.ExpectNothing();
        test.PassSeconds(2);
        Assert.Equal(["gone"], reader.DrainTexts());
        reader = test.Crash().Subscriber("reader", "w");
        test.PassSeconds(200);
        reader.ExpectNothing();
    }

    [Theory]
    [InlineData(30, 89, 2)]
    [InlineData(0, 59, 2)]
    [Statement("MQTT-3.1.3-9")]
    public void The_delay_of_a_connected_client_counts_from_the_restart_and_the_grace(uint delay, double before, double after)
    {
        RestartHarness test = new();
        WithWill(test.Broker, "c", delay);
        TestClient reader = test.Crash(downSeconds: 1000).Subscriber("reader", "w");
        test.PassSeconds(before);
        reader.ExpectNothing();
        test.PassSeconds(after);
        Assert.Equal(["gone"], reader.DrainTexts());
    }

    [Fact]
    public void A_client_that_comes_back_takes_its_Will_away()
    {
        RestartHarness test = new();
        WithWill(test.Broker, "c", 0);
        TestClient reader = test.Crash().Subscriber("reader", "w");
        test.PassSeconds(50);
        test.Broker.Resume("c");
        test.PassSeconds(100);
        reader.ExpectNothing();
        reader = test.Crash().Subscriber("reader", "w");
        test.PassSeconds(100);
        reader.ExpectNothing();
    }

    [Fact]
    [Statement("U5-46")]
    public void A_stop_in_order_leaves_a_stored_Will_to_the_restart_and_publishes_the_others()
    {
        RestartHarness test = new();
        TestClient reader = test.Broker.Persistent("reader", "w", 1);
        WithWill(test.Broker, "stored", 0);
        ConnectPacket packet = reader.NewConnect("short");
        packet.HasWill = true;
        packet.WillTopic = "w"u8;
        packet.WillPayload = "short"u8;
        test.Broker.Open().Connect(packet);
        test.Broker.Engine.BeginStop(() => { });
        test.Broker.Run();
        Assert.Equal(["short"], reader.ReadAll().Where(one => one.Type == PacketType.Publish).Select(one => one.Text));
        TestClient later = test.Crash().Subscriber("later", "w");
        test.PassSeconds(61);
        Assert.Equal(["gone"], later.DrainTexts());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_record_of_a_Will_precedes_that_of_the_end_or_the_next_opening_of_its_session(bool isClean)
    {
        RestartHarness test = new(2);
        test.Broker.Absent(test.Broker.NameOn(1, 1), "w", 2);
        string name = test.Broker.NameOn(0, 2);
        WithWill(test.Broker, name, 0);
        TestClient again = test.Broker.Open();
        again.Send(again.NewConnect(name, isClean, uint.MaxValue));
        again.Expect(PacketType.ConnAck);
        StoreRecordKind[] kinds = [.. test.Store.Records.Select(record => record.Kind)];
        int will = Array.LastIndexOf(kinds, StoreRecordKind.Message);
        Assert.True(will >= 0);
        Assert.True(will < Array.LastIndexOf(kinds, isClean ? StoreRecordKind.SessionEnded : StoreRecordKind.SessionOpened));
        Assert.Equal(["gone"], test.Broker.Resume(test.Broker.NameOn(1, 1)).DrainTexts());
    }

    private static TestClient WithWill(BrokerHarness broker, string name, uint delaySeconds)
    {
        TestClient client = broker.Open();
        ConnectPacket packet = client.NewConnect(name, false, uint.MaxValue);
        packet.HasWill = true;
        packet.WillTopic = "w"u8;
        packet.WillPayload = "gone"u8;
        packet.WillQos = QualityOfService.ExactlyOnce;
        packet.WillDelayIntervalSeconds = delaySeconds;
        client.Connect(packet);
        return client;
    }
}
