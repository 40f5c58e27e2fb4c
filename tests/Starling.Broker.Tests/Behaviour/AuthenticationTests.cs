using System.Text;
using Starling.Broker.Ports;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

public sealed class AuthenticationTests
{
    private readonly TestAuthenticator _authenticator = new();

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public void The_authenticator_learns_what_CONNECT_says(MqttVersion version)
    {
        BrokerHarness broker = Broker();
        TestClient client = broker.Open(version);
        ConnectPacket connect = client.NewConnect("c");
        connect.HasUserName = true;
        connect.UserName = "u"u8;
        connect.HasPassword = true;
        connect.Password = new byte[] { 0, 0xFF };
        client.Connect(connect);
        AuthenticationRequest request = Assert.Single(_authenticator.Requests);
        Assert.Equal(("c", "u", version, "in-memory"), (request.ClientIdentifier, request.UserName, request.Version, request.ListenerName));
        Assert.Equal([0, 0xFF], request.Password!.Value.ToArray());
        Assert.DoesNotContain("255", request.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_CONNECT_does_not_say_is_null()
    {
        Broker().Connect("c");
        AuthenticationRequest request = Assert.Single(_authenticator.Requests);
        Assert.Null(request.UserName);
        Assert.Null(request.Password);
        Assert.Null(request.AuthenticationMethod);
    }

    [Theory]
    [InlineData(MqttVersion.V31, ReasonCode.BadUserNameOrPassword, 4)]
    [InlineData(MqttVersion.V311, ReasonCode.BadUserNameOrPassword, 4)]
    [InlineData(MqttVersion.V311, ReasonCode.NotAuthorized, 5)]
    [InlineData(MqttVersion.V311, ReasonCode.ServerBusy, 3)]
    [InlineData(MqttVersion.V311, ReasonCode.Banned, 5)]
    [InlineData(MqttVersion.V5, ReasonCode.BadUserNameOrPassword, 0x86)]
    [InlineData(MqttVersion.V5, ReasonCode.Banned, 0x8A)]
    [InlineData(MqttVersion.V5, ReasonCode.ServerBusy, 0x89)]
    [Statement("MQTT-3.1.4-2"), Statement("MQTT-3.2.2-6"), Statement("MQTT-3.2.2-7"), Statement("MQTT311-3.2.2-4"), Statement("MQTT311-3.2.2-5")]
    public void A_refusal_has_its_code_in_every_version(MqttVersion version, ReasonCode reason, int code)
    {
        _authenticator.Decide = _ => AuthenticationDecision.Refuse(reason);
        TestClient client = Broker().Open(version);
        client.Send(client.NewConnect("c"));
        ReceivedPacket connAck = client.Expect(PacketType.ConnAck);
        Assert.Equal((0, code), (connAck.Bytes[2], connAck.Bytes[3]));
        client.ExpectClosed();
    }

    [Fact]
    public void A_decision_that_nobody_made_refuses()
    {
        _authenticator.Decide = _ => default(AuthenticationDecision);
        TestClient client = Broker().Open();
        client.Send(client.NewConnect("c"));
        Assert.Equal(ReasonCode.NotAuthorized, client.Expect(PacketType.ConnAck).Reason);
    }

    [Theory]
    [InlineData(MqttVersion.V311, 1)]
    [InlineData(MqttVersion.V5, 1)]
    [InlineData(MqttVersion.V5, 2)]
    public void An_answer_may_come_later_and_what_is_pipelined_waits_for_it(MqttVersion version, int shards)
    {
        _authenticator.Decide = _ => null;
        BrokerHarness broker = Broker(shards);
        TestClient client = broker.Open(version);
        client.Send(client.NewConnect(broker.NameOn(shards - 1)));
        client.Publish("t", "x", retain: true);
        client.Ping();
        client.ExpectNothing();
        Assert.Null(broker.Retained("t"));
        _authenticator.Pending.Dequeue().Complete(AuthenticationDecision.Allow);
        client.Expect(PacketType.ConnAck);
        client.Expect(PacketType.PingResp);
        Assert.Equal("x", broker.Retained("t"));
    }

    [Fact, Statement("MQTT-3.1.4-6")]
    public void A_later_refusal_lets_nothing_of_what_is_pipelined_through()
    {
        _authenticator.Decide = _ => null;
        BrokerHarness broker = Broker();
        TestClient client = broker.Open();
        client.Send(client.NewConnect("c"));
        client.Publish("t", "x", retain: true);
        broker.Run();
        _authenticator.Pending.Dequeue().Complete(AuthenticationDecision.Refuse(ReasonCode.NotAuthorized));
        Assert.Equal(ReasonCode.NotAuthorized, client.Expect(PacketType.ConnAck).Reason);
        client.ExpectClosed();
        Assert.Null(broker.Retained("t"));
    }

    [Fact]
    public void An_answer_for_a_client_that_has_left_changes_nothing()
    {
        BrokerHarness broker = Broker();
        TestClient before = broker.Connect("c", expiry: 60);
        _authenticator.Decide = _ => null;
        TestClient client = broker.Open();
        client.Send(client.NewConnect("c"));
        broker.Run();
        client.Peer.ResetByPeer();
        broker.Run();
        _authenticator.Pending.Dequeue().Complete(AuthenticationDecision.Allow);
        before.ExpectNothing();
        Assert.Equal(1, broker.Counters.SessionsNow);
        Assert.Equal(1, broker.Counters.ConnectionsNow);
    }

    [Fact]
    public void A_second_answer_is_ignored()
    {
        _authenticator.Decide = _ => null;
        BrokerHarness broker = Broker();
        TestClient client = broker.Open();
        client.Send(client.NewConnect("c"));
        broker.Run();
        ICompletion<AuthenticationDecision> completion = _authenticator.Pending.Dequeue();
        completion.Complete(AuthenticationDecision.Allow);
        completion.Complete(AuthenticationDecision.Refuse(ReasonCode.Banned));
        client.Expect(PacketType.ConnAck);
        client.ExpectNothing();
    }

    [Fact, Statement("U5-45")]
    public void Authentication_that_never_ends_is_covered_by_the_connect_time_out()
    {
        _authenticator.Decide = _ => null;
        BrokerHarness broker = Broker();
        TestClient client = broker.Open();
        client.Send(client.NewConnect("c"));
        broker.PassMilliseconds(9_999);
        client.ExpectNothing();
        broker.PassMilliseconds(40);
        client.ExpectClosed();
        _authenticator.Pending.Dequeue().Complete(AuthenticationDecision.Allow);
        broker.Run();
        Assert.Equal(0, broker.Counters.SessionsNow);
    }

    [Fact]
    public void Two_clients_of_one_identifier_whose_answers_come_late_take_over_in_the_order_of_the_answers()
    {
        _authenticator.Decide = _ => null;
        BrokerHarness broker = Broker();
        TestClient first = broker.Open();
        first.Send(first.NewConnect("c"));
        TestClient second = broker.Open();
        second.Send(second.NewConnect("c"));
        broker.Run();
        ICompletion<AuthenticationDecision> ofFirst = _authenticator.Pending.Dequeue();
        _authenticator.Pending.Dequeue().Complete(AuthenticationDecision.Allow);
        second.Expect(PacketType.ConnAck);
        ofFirst.Complete(AuthenticationDecision.Allow);
        first.Expect(PacketType.ConnAck);
        second.ExpectEnd(ReasonCode.SessionTakenOver);
        first.ExpectNothing();
    }

    [Fact]
    public void Passwords_are_not_logged()
    {
        _authenticator.Decide = _ => AuthenticationDecision.Refuse(ReasonCode.BadUserNameOrPassword);
        BrokerHarness broker = Broker();
        TestClient client = broker.Open();
        ConnectPacket connect = client.NewConnect("c");
        connect.HasUserName = true;
        connect.UserName = "u"u8;
        connect.HasPassword = true;
        connect.Password = Encoding.UTF8.GetBytes("secret");
        client.Send(connect);
        client.Expect(PacketType.ConnAck);
        Assert.Contains("c at in memory was refused: BadUserNameOrPassword", broker.Log.Single(1003), StringComparison.Ordinal);
        Assert.DoesNotContain(broker.Log.Lines, line => line.Text.Contains("secret", StringComparison.Ordinal));
    }

    private BrokerHarness Broker(int shards = 1) => BrokerHarness.With(ports => ports with { Authenticator = _authenticator }, shards);
}
