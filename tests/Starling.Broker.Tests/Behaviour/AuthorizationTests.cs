using Starling.Broker.Diagnostics;
using Starling.Broker.Ports;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

public sealed class AuthorizationTests
{
    private readonly TestAuthorizer _authorizer = new();
    private readonly BrokerHarness _broker;

    public AuthorizationTests() => _broker = BrokerHarness.With(ports => ports with { Authorizer = _authorizer });

    [Fact]
    public void The_authorizer_learns_who_wants_what()
    {
        TestClient client = _broker.Open();
        ConnectPacket connect = client.NewConnect("c");
        connect.HasUserName = true;
        connect.UserName = "u"u8;
        client.Connect(connect);
        client.Publish("t", "x", 1, 1);
        client.SendSubscribe(1, 0, client.Filter("a/#"), client.Filter("$share/g/b"));
        _broker.Run();
        Assert.Equal(
            [
                (AuthorizationAction.Publish, "c", "u", "t"),
                (AuthorizationAction.Subscribe, "c", "u", "a/#"),
                (AuthorizationAction.Subscribe, "c", "u", "$share/g/b"),
            ],
            _authorizer.Asked);
    }

    [Theory]
    [InlineData(MqttVersion.V31, 0x00)]
    [InlineData(MqttVersion.V311, 0x00)]
    [InlineData(MqttVersion.V5, 0x87)]
    [Statement("MQTT311-3.3.5-2")]
    public void A_PUBLISH_that_is_not_allowed_is_answered_and_goes_to_nobody(MqttVersion version, int reason)
    {
        TestClient watcher = _broker.Subscriber("watcher", "#");
        TestClient client = _broker.Connect("c", version);
        _authorizer.Decide = (_, _) => false;
        client.Publish("t", "0");
        client.Publish("t", "1", 1, 1, retain: true);
        client.Publish("t", "2", 2, 2);
        Assert.Equal((ReasonCode)reason, client.Expect(PacketType.PubAck).Reason);
        Assert.Equal((ReasonCode)reason, client.Expect(PacketType.PubRec).Reason);
        client.ExpectNothing();
        watcher.ExpectNothing();
        Assert.Null(_broker.Retained("t"));
        Assert.Equal(3, _broker.Dropped(DropReason.NotAuthorized));
    }

    [Theory]
    [InlineData(MqttVersion.V311, 0x80)]
    [InlineData(MqttVersion.V5, 0x87)]
    public void Filters_are_allowed_or_refused_one_by_one(MqttVersion version, int refused)
    {
        _authorizer.Decide = (_, topic) => topic != "no";
        TestClient client = _broker.Connect("c", version);
        client.SendSubscribe(1, 0, client.Filter("a", 1), client.Filter("no", 2), client.Filter("b", 2));
        Assert.Equal([1, (byte)refused, 2], client.Expect(PacketType.SubAck).Codes);
        TestClient publisher = _broker.Connect("publisher");
        publisher.Publish("no", "x");
        client.ExpectNothing();
        publisher.Publish("b", "x");
        client.ExpectPublish("b", "x");
    }

    [Fact, Statement("MQTT-4.6.0-2"), Statement("MQTT-4.6.0-3")]
    public void Later_answers_keep_the_order_of_the_packets()
    {
        TestClient watcher = _broker.Subscriber("watcher", "#");
        TestClient client = _broker.Connect("c");
        _authorizer.Decide = (_, topic) => topic == "later" ? null : true;
        client.Publish("later", "1", 1, 1);
        client.Publish("now", "2", 1, 2);
        client.Ping();
        client.Publish("later", "3", 2, 3);
        client.ExpectNothing();
        _authorizer.Pending.Dequeue().Complete(true);
        Assert.Equal(1, client.Expect(PacketType.PubAck).PacketIdentifier);
        Assert.Equal(2, client.Expect(PacketType.PubAck).PacketIdentifier);
        client.Expect(PacketType.PingResp);
        client.ExpectNothing();
        _authorizer.Pending.Dequeue().Complete(true);
        Assert.Equal(3, client.Expect(PacketType.PubRec).PacketIdentifier);
        Assert.Equal(["1", "2", "3"], watcher.ReadAll().Select(packet => packet.Text));
        Assert.Equal(3, _authorizer.Asked.Count(asked => asked.Action == AuthorizationAction.Publish));
    }

    [Fact]
    public void Each_filter_of_a_SUBSCRIBE_may_be_answered_later()
    {
        _authorizer.Decide = (action, topic) => topic == "now" ? true : null;
        TestClient client = _broker.Connect("c");
        client.SendSubscribe(1, 0, client.Filter("a", 1), client.Filter("now", 1), client.Filter("no", 1), client.Filter("b", 2));
        client.Ping();
        client.ExpectNothing();
        _authorizer.Pending.Dequeue().Complete(true);
        client.ExpectNothing();
        _authorizer.Pending.Dequeue().Complete(false);
        client.ExpectNothing();
        _authorizer.Pending.Dequeue().Complete(true);
        Assert.Equal([1, 1, 0x87, 2], client.Expect(PacketType.SubAck).Codes);
        client.Expect(PacketType.PingResp);
        Assert.Equal(["a", "now", "no", "b"], _authorizer.Asked.Select(asked => asked.Topic));
    }

    [Fact]
    public void The_answers_of_one_SUBSCRIBE_are_not_used_for_the_next()
    {
        TestClient client = _broker.Connect("c");
        _authorizer.Decide = (_, _) => true;
        client.SendSubscribe(1, 0, client.Filter("a"), client.Filter("b"));
        client.Expect(PacketType.SubAck);
        _authorizer.Decide = (_, _) => false;
        client.SendSubscribe(2, 0, client.Filter("a"), client.Filter("b"));
        Assert.Equal([0x87, 0x87], client.Expect(PacketType.SubAck).Codes);
    }

    [Fact]
    public void An_answer_for_a_client_that_has_left_changes_nothing()
    {
        TestClient watcher = _broker.Subscriber("watcher", "#");
        TestClient client = _broker.Connect("c");
        _authorizer.Decide = (_, _) => null;
        client.Publish("t", "x", 1, 1);
        _broker.Run();
        client.Peer.ResetByPeer();
        _broker.Run();
        _authorizer.Pending.Dequeue().Complete(true);
        watcher.ExpectNothing();
    }

    [Fact]
    public void Others_go_on_while_one_client_waits()
    {
        TestClient watcher = _broker.Subscriber("watcher", "#");
        TestClient waiting = _broker.Connect("waiting");
        TestClient other = _broker.Connect("other");
        _authorizer.Decide = (_, topic) => topic == "later" ? null : true;
        waiting.Publish("later", "1");
        other.Publish("now", "2");
        watcher.ExpectPublish("now", "2");
    }

    [Fact]
    public void A_client_that_waits_is_not_cut_for_its_silence()
    {
        TestClient client = _broker.Open();
        client.Connect("c", keepAlive: 1);
        _authorizer.Decide = (_, _) => null;
        client.Publish("t", "x", 1, 1);
        _broker.PassSeconds(20);
        client.ExpectNothing();
        _authorizer.Pending.Dequeue().Complete(true);
        client.Expect(PacketType.PubAck);
        _broker.PassMilliseconds(1499);
        client.ExpectNothing();
    }
}
