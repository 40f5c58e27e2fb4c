using System.Text;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

public sealed class EnhancedAuthenticationTests
{
    private readonly TestMethod _method = new();
    private readonly BrokerHarness _broker;

    public EnhancedAuthenticationTests() => _broker = BrokerHarness.With(ports => ports with { EnhancedAuthenticator = _method });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Statement("MQTT-4.12.0-2"), Statement("MQTT-4.12.0-5")]
    public void An_exchange_leads_to_CONNACK_with_the_method_and_the_last_data(bool isLater)
    {
        TestClient client = Begin(isLater, "riddle");
        ReceivedPacket challenge = client.Expect(PacketType.Auth);
        Assert.Equal((ReasonCode.ContinueAuthentication, "riddle"), (challenge.Reason, challenge.AuthenticationMethod));
        Assert.Equal("what?"u8, challenge.AuthenticationData!);
        client.Auth(ReasonCode.ContinueAuthentication, "riddle", "right");
        Complete();
        ReceivedPacket connAck = client.Expect(PacketType.ConnAck);
        Assert.Equal((ReasonCode.Success, "riddle"), (connAck.Reason, connAck.AuthenticationMethod));
        Assert.Equal("welcome"u8, connAck.AuthenticationData!);
        client.Ping();
        client.Expect(PacketType.PingResp);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Statement("MQTT-4.12.0-4")]
    public void A_wrong_proof_is_refused(bool isLater)
    {
        TestClient client = Begin(isLater, "riddle");
        client.Expect(PacketType.Auth);
        client.Auth(ReasonCode.ContinueAuthentication, "riddle", "wrong");
        Complete();
        Assert.Equal(ReasonCode.NotAuthorized, client.Expect(PacketType.ConnAck).Reason);
        client.ExpectClosed();
        Assert.Equal(0, _broker.Counters.SessionsNow);
    }

    [Fact, Statement("MQTT-4.12.0-4")]
    public void The_first_data_may_be_refused()
    {
        TestClient client = Begin(false, "riddle", "bad");
        Assert.Equal(ReasonCode.NotAuthorized, client.Expect(PacketType.ConnAck).Reason);
        client.ExpectClosed();
    }

    [Fact, Statement("MQTT-4.12.0-1")]
    public void An_unsupported_method_is_refused()
    {
        TestClient client = Begin(false, "nonsense");
        Assert.Equal(ReasonCode.BadAuthenticationMethod, client.Expect(PacketType.ConnAck).Reason);
        client.ExpectClosed();
    }

    [Fact, Statement("MQTT-4.12.0-1")]
    public void Without_the_port_every_method_is_unsupported()
    {
        TestClient client = new BrokerHarness().Open();
        ConnectPacket connect = client.NewConnect("c");
        connect.HasAuthenticationMethod = true;
        connect.AuthenticationMethod = "riddle"u8;
        client.Send(connect);
        Assert.Equal(ReasonCode.BadAuthenticationMethod, client.Expect(PacketType.ConnAck).Reason);
        client.ExpectClosed();
    }

    [Theory]
    [InlineData(ReasonCode.Success, "riddle")]
    [InlineData(ReasonCode.ReAuthenticate, "riddle")]
    [InlineData(ReasonCode.ContinueAuthentication, "other")]
    [InlineData(ReasonCode.ContinueAuthentication, null)]
    [Statement("MQTT-4.12.0-3"), Statement("MQTT-4.12.0-5"), Statement("U5-41")]
    public void An_answer_with_another_code_or_method_is_refused(ReasonCode reason, string? method)
    {
        TestClient client = Begin(false, "riddle");
        client.Expect(PacketType.Auth);
        client.Auth(reason, method, "right");
        ReceivedPacket connAck = client.Expect(PacketType.ConnAck);
        Assert.True(connAck.Reason >= ReasonCode.UnspecifiedError);
        client.ExpectClosed();
    }

    [Theory]
    [InlineData("C0 00")]
    [InlineData("30 04 00 01 74 00")]
    [InlineData("82 07 00 01 00 00 01 74 00")]
    [Statement("MQTT-3.1.2-30"), Statement("MQTT-3.14.0-1")]
    public void Nothing_but_AUTH_and_DISCONNECT_is_legal_in_an_exchange(string packet)
    {
        TestClient client = Begin(false, "riddle");
        client.Expect(PacketType.Auth);
        client.SendHex(packet);
        Assert.Equal(ReasonCode.ProtocolError, client.Expect(PacketType.ConnAck).Reason);
        client.ExpectClosed();
    }

    [Fact]
    public void DISCONNECT_in_an_exchange_ends_it_quietly()
    {
        TestClient client = Begin(false, "riddle");
        client.Expect(PacketType.Auth);
        client.Disconnect();
        client.ExpectClosed();
        Assert.Empty(_broker.Log.Warnings);
    }

    [Fact, Statement("U5-45")]
    public void An_exchange_without_end_is_covered_by_the_connect_time_out()
    {
        TestClient client = Begin(false, "riddle");
        client.Expect(PacketType.Auth);
        _broker.PassMilliseconds(10_040);
        client.ExpectClosed();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Statement("MQTT-4.12.1-1"), Statement("MQTT-4.12.0-2")]
    public void Re_authentication_goes_the_same_way(bool isLater)
    {
        TestClient client = Connected();
        _method.IsLater = isLater;
        client.Auth(ReasonCode.ReAuthenticate, "riddle", "again");
        Complete();
        Assert.Equal(ReasonCode.ContinueAuthentication, client.Expect(PacketType.Auth).Reason);
        client.Auth(ReasonCode.ContinueAuthentication, "riddle", "right");
        Complete();
        ReceivedPacket auth = client.Expect(PacketType.Auth);
        Assert.Equal((ReasonCode.Success, "riddle"), (auth.Reason, auth.AuthenticationMethod));
        client.ExpectNothing();
        Assert.Equal(2, _method.Begun);
    }

    [Fact]
    public void Other_packets_are_legal_during_a_re_authentication()
    {
        TestClient client = Connected();
        client.Auth(ReasonCode.ReAuthenticate, "riddle");
        client.Expect(PacketType.Auth);
        client.Ping();
        client.Expect(PacketType.PingResp);
        client.Auth(ReasonCode.ContinueAuthentication, "riddle", "right");
        client.Expect(PacketType.Auth);
    }

    [Theory]
    [InlineData(ReasonCode.ReAuthenticate, "other", ReasonCode.ProtocolError)]
    [InlineData(ReasonCode.ContinueAuthentication, "riddle", ReasonCode.ProtocolError)]
    [InlineData(ReasonCode.Success, "riddle", ReasonCode.ProtocolError)]
    [Statement("MQTT-4.12.1-1")]
    public void A_re_authentication_begins_with_0x19_and_the_method_of_CONNECT(ReasonCode reason, string method, ReasonCode end)
    {
        TestClient client = Connected();
        client.Auth(reason, method);
        client.ExpectEnd(end);
    }

    [Theory]
    [InlineData(20, PacketType.ConnAck)]
    [InlineData(21, PacketType.Auth)]
    [Statement("MQTT-3.1.2-24")]
    public void A_client_that_allows_no_packet_of_the_size_of_the_challenge_is_refused(uint packetBytesMax, PacketType answer)
    {
        TestClient client = Begin(false, "riddle", packetBytesMax: packetBytesMax);
        ReceivedPacket packet = client.Expect(answer);
        if (answer == PacketType.ConnAck)
        {
            Assert.Equal(ReasonCode.PacketTooLarge, packet.Reason);
            client.ExpectClosed();
        }
    }

    [Fact, Statement("MQTT-4.12.1-2")]
    public void A_failed_re_authentication_ends_the_connection()
    {
        TestClient client = Connected();
        client.Auth(ReasonCode.ReAuthenticate, "riddle");
        client.Expect(PacketType.Auth);
        client.Auth(ReasonCode.ContinueAuthentication, "riddle", "wrong");
        client.ExpectEnd(ReasonCode.NotAuthorized);
    }

    [Fact, Statement("U5-41")]
    public void AUTH_without_a_method_ends_the_connection()
    {
        TestClient client = Connected();
        client.SendHex("F0 02 19 00");
        client.ExpectEnd(ReasonCode.ProtocolError);
        Assert.Contains("U5-41", _broker.Log.Single(1005), StringComparison.Ordinal);
    }

    [Fact, Statement("MQTT-4.12.0-7"), Statement("U5-41")]
    public void AUTH_of_a_client_that_named_no_method_ends_the_connection()
    {
        TestClient client = _broker.Connect("c");
        client.Auth(ReasonCode.ReAuthenticate, "riddle");
        client.ExpectEnd(ReasonCode.ProtocolError);
        Assert.Contains("MQTT-4.12.0-7", _broker.Log.Single(1005), StringComparison.Ordinal);
    }

    [Fact, Statement("MQTT-4.12.0-6")]
    public void Without_a_method_CONNACK_names_none()
    {
        ReceivedPacket connAck = _broker.Open().Connect("c");
        Assert.Null(connAck.AuthenticationMethod);
        Assert.Null(connAck.AuthenticationData);
    }

    [Fact, Statement("U5-01")]
    public void Packet_type_15_is_malformed_in_3_1_1()
    {
        TestClient client = _broker.Connect("c", MqttVersion.V311);
        client.SendHex("F0 00");
        client.ExpectClosed();
        Assert.Contains("U5-01", _broker.Log.Single(1005), StringComparison.Ordinal);
    }

    private TestClient Begin(bool isLater, string method, string data = "hello", uint packetBytesMax = uint.MaxValue)
    {
        _method.IsLater = isLater;
        TestClient client = _broker.Open();
        ConnectPacket connect = client.NewConnect("c");
        connect.HasAuthenticationMethod = true;
        connect.AuthenticationMethod = Encoding.UTF8.GetBytes(method);
        connect.HasAuthenticationData = true;
        connect.AuthenticationData = Encoding.UTF8.GetBytes(data);
        connect.MaximumPacketBytes = packetBytesMax;
        client.Send(connect);
        Complete();
        return client;
    }

    private TestClient Connected()
    {
        TestClient client = Begin(false, "riddle");
        client.Expect(PacketType.Auth);
        client.Auth(ReasonCode.ContinueAuthentication, "riddle", "right");
        client.Expect(PacketType.ConnAck);
        return client;
    }

    private void Complete()
    {
        _broker.Run();
        while (_method.Pending.TryDequeue(out Action? complete))
        {
            complete();
            _broker.Run();
        }
    }
}
