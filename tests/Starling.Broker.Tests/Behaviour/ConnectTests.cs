using System.Text;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

public sealed class ConnectTests
{
    public static TheoryData<MqttVersion> Versions => BrokerHarness.Versions;

    [Theory, MemberData(nameof(Versions))]
    [Statement("MQTT-3.2.0-1"), Statement("MQTT311-3.2.0-1")]
    public void Every_version_gets_CONNACK_in_its_form(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Open(version);
        ReceivedPacket connAck = client.Connect("c");
        Assert.False(connAck.SessionPresent);
        Assert.Equal(version == MqttVersion.V5, connAck.Bytes.Length > 4);
        client.ExpectNothing();
        Assert.Contains("c connected", broker.Log.Single(1001), StringComparison.Ordinal);
    }

    [Fact]
    public void The_limits_of_the_broker_are_announced_to_5_0()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with
        {
            ReceiveMaximum = 7,
            PacketBytesMax = 5000,
            TopicAliasMaximum = 3,
            MaximumQos = QualityOfService.AtLeastOnce,
            RetainAvailable = false,
            WildcardsAvailable = false,
            SharedAvailable = false,
        });
        ReceivedPacket connAck = broker.Open().Connect("c");
        Assert.Equal(7, connAck.ReceiveMaximum!.Value);
        Assert.Equal(5000U, connAck.MaximumPacketBytes);
        Assert.Equal(3, connAck.TopicAliasMaximum!.Value);
        Assert.Equal(QualityOfService.AtLeastOnce, connAck.MaximumQos);
        Assert.False(connAck.RetainAvailable);
        Assert.False(connAck.WildcardSubscriptionAvailable);
        Assert.False(connAck.SharedSubscriptionAvailable);
        Assert.NotEqual(false, connAck.SubscriptionIdentifiersAvailable);
    }

    [Fact]
    public void What_the_standard_assumes_is_not_announced()
    {
        ReceivedPacket connAck = new BrokerHarness().Open().Connect("c");
        Assert.Null(connAck.MaximumQos);
        Assert.Null(connAck.RetainAvailable);
        Assert.Null(connAck.AssignedClientIdentifier);
        Assert.Null(connAck.ServerKeepAliveSeconds);
        Assert.Null(connAck.SessionExpiryIntervalSeconds);
        Assert.Null(connAck.AuthenticationMethod);
    }

    [Fact, Statement("MQTT-3.1.3-6"), Statement("MQTT-3.1.3-7"), Statement("MQTT-3.2.2-16")]
    public void An_empty_identifier_is_replaced_by_an_assigned_one_that_resumes_the_session()
    {
        BrokerHarness broker = new(2);
        ReceivedPacket first = broker.Open().Connect("", expiry: 60);
        ReceivedPacket second = broker.Open(loop: 1).Connect("", expiry: 60);
        Assert.NotNull(first.AssignedClientIdentifier);
        Assert.NotNull(second.AssignedClientIdentifier);
        Assert.NotEqual(first.AssignedClientIdentifier, second.AssignedClientIdentifier);
        ReceivedPacket again = broker.Open().Connect(second.AssignedClientIdentifier, cleanStart: false, expiry: 60);
        Assert.True(again.SessionPresent);
        Assert.Null(again.AssignedClientIdentifier);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_client_with_an_assigned_identifier_stays_on_its_loop(int loop)
    {
        BrokerHarness broker = new(2);
        TestClient client = broker.Open(loop: loop);
        client.Connect("");
        Assert.Equal(loop, client.Peer.LoopIndex);
    }

    [Fact, Statement("MQTT-3.1.3-6")]
    public void An_empty_identifier_of_5_0_needs_no_Clean_Start()
    {
        ReceivedPacket connAck = new BrokerHarness().Open().Connect("", cleanStart: false);
        Assert.NotNull(connAck.AssignedClientIdentifier);
    }

    [Fact, Statement("MQTT311-3.1.3-6"), Statement("MQTT311-3.1.3-7")]
    public void Two_clients_of_3_1_1_with_empty_identifiers_and_Clean_Session_both_stay()
    {
        BrokerHarness broker = new();
        TestClient first = broker.Connect("", MqttVersion.V311);
        TestClient second = broker.Connect("", MqttVersion.V311);
        first.ExpectNothing();
        second.ExpectNothing();
    }

    [Fact, Statement("MQTT311-3.1.3-8"), Statement("MQTT311-3.1.3-9")]
    public void An_empty_identifier_of_3_1_1_without_Clean_Session_is_refused()
    {
        TestClient client = new BrokerHarness().Open(MqttVersion.V311);
        client.Send(client.NewConnect("", cleanStart: false));
        Assert.Equal([0x20, 0x02, 0x00, 0x02], client.Expect(PacketType.ConnAck).Bytes);
        client.ExpectClosed();
    }

    [Fact, Statement("MQTT31-1")]
    public void An_empty_identifier_of_3_1_is_refused()
    {
        TestClient client = new BrokerHarness().Open(MqttVersion.V31);
        client.Send(client.NewConnect(""));
        Assert.Equal([0x20, 0x02, 0x00, 0x02], client.Expect(PacketType.ConnAck).Bytes);
        client.ExpectClosed();
    }

    [Theory]
    [InlineData("10 0C 00 04 4D 51 54 54 03 02 00 3C 00 00", "20 02 00 01")]
    [InlineData("10 0D 00 04 4D 51 54 54 06 02 00 3C 00 00 00", "20 03 00 84 00")]
    [Statement("MQTT-3.1.2-2"), Statement("MQTT311-3.1.2-2")]
    public void An_unknown_version_is_told_so_in_the_nearest_form(string connect, string answer)
    {
        TestClient client = new BrokerHarness().Open(MqttVersion.V311);
        client.SendHex(connect);
        Assert.True(client.IsClosed);
        Assert.Equal(answer.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(client.Peer.Read()));
    }

    [Theory]
    [InlineData(MqttVersion.V311, "10 0C 00 04 4D 51 54 54 04 03 00 3C 00 00", "")]
    [InlineData(MqttVersion.V5, "10 0D 00 04 4D 51 54 54 05 03 00 3C 00 00 00", "20 03 00 81 00")]
    [InlineData(MqttVersion.V5, "10 10 00 04 4D 51 54 54 05 02 00 3C 03 21 00 00 00 00", "20 03 00 82 00")]
    [Statement("MQTT-3.1.4-1"), Statement("MQTT311-3.1.4-1"), Statement("MQTT-3.14.0-1")]
    public void A_malformed_CONNECT_gets_CONNACK_in_5_0_only_and_never_DISCONNECT(MqttVersion version, string connect, string answer)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Open(version);
        client.SendHex(connect);
        Assert.True(client.IsClosed);
        Assert.Equal(answer.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(client.Peer.Read()));
        broker.Log.Single(1005);
    }

    [Theory]
    [InlineData("C0 00")]
    [InlineData("E0 00")]
    [InlineData("30 04 00 01 61 00")]
    [InlineData("F0 00")]
    [Statement("MQTT-3.1.0-1"), Statement("MQTT-3.14.0-1"), Statement("MQTT311-3.1.0-1")]
    public void A_packet_before_CONNECT_ends_the_connection_without_an_answer(string packet)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Open();
        client.SendHex(packet);
        client.ExpectClosed();
        Assert.Contains("MQTT-3.1.0-1", broker.Log.Single(1005), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    [Statement("MQTT-3.1.0-2"), Statement("MQTT311-3.1.0-2")]
    public void A_second_CONNECT_ends_the_connection(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c", version);
        client.Send(client.NewConnect("c"));
        client.ExpectEnd(ReasonCode.ProtocolError);
        Assert.Contains("3.1.0-2", broker.Log.Single(1005), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, false, 0x9B)]
    [InlineData(2, true, 0x9A)]
    [Statement("MQTT-3.2.2-12"), Statement("MQTT-3.2.2-13")]
    public void A_Will_that_the_broker_cannot_promise_is_refused(int maximumQos, bool retainAvailable, int reason)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with
        {
            MaximumQos = (QualityOfService)maximumQos,
            RetainAvailable = !retainAvailable,
        });
        TestClient client = broker.Open();
        ConnectPacket connect = client.NewConnect("c");
        connect.HasWill = true;
        connect.WillTopic = "w"u8;
        connect.WillQos = QualityOfService.ExactlyOnce;
        connect.WillRetain = retainAvailable;
        client.Send(connect);
        Assert.Equal((ReasonCode)reason, client.Expect(PacketType.ConnAck).Reason);
        client.ExpectClosed();
    }

    [Theory]
    [InlineData(MqttVersion.V311, "w/#")]
    [InlineData(MqttVersion.V5, "w/#")]
    [InlineData(MqttVersion.V311, "1/2/3/4")]
    [InlineData(MqttVersion.V5, "1/2/3/4")]
    public void A_Will_Topic_that_is_no_topic_or_too_deep_is_refused(MqttVersion version, string topic)
    {
        TestClient client = new BrokerHarness(options: BrokerHarness.Options with { TopicLevelsMax = 3 }).Open(version);
        ConnectPacket connect = client.NewConnect("c");
        connect.HasWill = true;
        connect.WillTopic = Encoding.UTF8.GetBytes(topic);
        client.Send(connect);
        if (version == MqttVersion.V5)
        {
            Assert.Equal(ReasonCode.TopicNameInvalid, client.Expect(PacketType.ConnAck).Reason);
        }

        client.ExpectClosed();
    }

    [Theory]
    [InlineData(MqttVersion.V5, 0x97)]
    [InlineData(MqttVersion.V311, 0x88)]
    [InlineData(MqttVersion.V31, 0x88)]
    public void More_connections_than_allowed_are_refused_and_a_place_is_free_again_when_one_ends(MqttVersion version, int reason)
    {
        BrokerHarness broker = new(2, BrokerHarness.Options with { ConnectionsMax = 1 });
        TestClient first = broker.Connect("first");
        TestClient second = broker.Open(version);
        second.Send(second.NewConnect("second"));
        Assert.Equal((ReasonCode)reason, second.Expect(PacketType.ConnAck).Reason);
        second.ExpectClosed();
        first.Disconnect();
        broker.Run();
        broker.Connect("third", version);
    }

    [Theory]
    [InlineData(MqttVersion.V5, 0x97)]
    [InlineData(MqttVersion.V311, 0x88)]
    public void More_sessions_than_allowed_are_refused_and_absent_ones_count(MqttVersion version, int reason)
    {
        BrokerHarness broker = new(2, BrokerHarness.Options with { SessionsMax = 1 });
        broker.Connect("first", expiry: 10).Disconnect();
        TestClient second = broker.Open(version);
        second.Send(second.NewConnect("second"));
        Assert.Equal((ReasonCode)reason, second.Expect(PacketType.ConnAck).Reason);
        second.ExpectClosed();
        Assert.True(broker.Open().Connect("first", cleanStart: false, expiry: 10).SessionPresent);
    }

    [Theory, MemberData(nameof(Versions))]
    [Statement("MQTT-3.1.4-6"), Statement("MQTT311-3.1.4-5")]
    public void Nothing_behind_a_refused_CONNECT_is_processed(MqttVersion version)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { AllowAnonymous = false });
        TestClient client = broker.Open(version);
        client.Send(client.NewConnect("c"));
        client.Publish("t", "x", retain: true);
        Assert.Equal(ReasonCode.NotAuthorized, client.Expect(PacketType.ConnAck).Reason);
        client.ExpectClosed();
        Assert.Null(broker.Retained("t"));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(2, 7)]
    [InlineData(2, 1000)]
    [InlineData(1, int.MaxValue)]
    [Statement("U5-47")]
    public void What_is_pipelined_behind_CONNECT_is_handled_in_order_in_whatever_pieces_it_comes(int shards, int pieceBytes)
    {
        BrokerHarness broker = new(shards);
        TestClient watcher = broker.Subscriber("watcher", "t");
        TestClient source = broker.Open();
        source.PieceBytes = pieceBytes;
        source.Send(source.NewConnect(broker.NameOn(shards - 1)));
        source.SendSubscribe(1, 0, source.Filter("t"));
        source.Publish("t", "1", 1, 9);
        source.Publish("t", "2");
        source.Ping();
        Assert.Equal(
            [PacketType.ConnAck, PacketType.SubAck, PacketType.Publish, PacketType.PubAck, PacketType.Publish, PacketType.PingResp],
            source.ReadAll().Select(packet => packet.Type));
        watcher.ExpectPublish("t", "1");
        watcher.ExpectPublish("t", "2");
        Assert.Equal(shards - 1, source.Peer.LoopIndex);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("reply/to")]
    [Statement("MQTT-3.1.2-28")]
    public void Response_Information_goes_to_those_who_ask_for_it_only(string? information)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { ResponseInformation = information });
        Assert.Null(broker.Open().Connect("a").ResponseInformation);
        TestClient asking = broker.Open();
        ConnectPacket connect = asking.NewConnect("b");
        connect.RequestResponseInformation = true;
        Assert.Equal(information, asking.Connect(connect).ResponseInformation);
    }

    [Fact, Statement("MQTT-3.2.2-19"), Statement("MQTT-3.2.2-20")]
    public void A_refusal_is_no_larger_than_the_client_takes()
    {
        TestClient client = new BrokerHarness(options: BrokerHarness.Options with { AllowAnonymous = false }).Open();
        ConnectPacket connect = client.NewConnect("c");
        connect.MaximumPacketBytes = 5;
        client.Send(connect);
        ReceivedPacket connAck = client.Expect(PacketType.ConnAck);
        Assert.Equal(5, connAck.Bytes.Length);
        Assert.Null(connAck.ReasonString);
        client.ExpectClosed();
    }

    [Fact, Statement("MQTT-3.1.2-29")]
    public void A_client_without_problem_information_gets_no_Reason_Strings_in_acknowledgements()
    {
        TestClient client = new BrokerHarness().Open();
        ConnectPacket connect = client.NewConnect("c");
        connect.RequestProblemInformation = false;
        client.Connect(connect);
        client.SendSubscribe(1, 0, client.Filter("a/#/b"));
        client.SendUnsubscribe(2, "unknown");
        client.Publish("$SYS/x", "x", 1, 3);
        client.PubRel(4);
        Assert.All(client.ReadAll(), packet => Assert.Null(packet.ReasonString));
    }

    [Theory]
    [InlineData(MqttVersion.V311, "20 02 00 00")]
    [InlineData(MqttVersion.V31, "20 02 00 00")]
    public void A_bare_CONNACK_of_3_x_is_four_bytes(MqttVersion version, string answer)
    {
        TestClient client = new BrokerHarness().Open(version);
        Assert.Equal(answer.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(client.Connect("c").Bytes));
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    [Statement("MQTT-3.12.4-1"), Statement("MQTT311-3.12.4-1")]
    public void PINGREQ_is_answered(MqttVersion version)
    {
        TestClient client = new BrokerHarness().Connect("c", version);
        client.Ping();
        client.Expect(PacketType.PingResp);
        client.ExpectNothing();
    }
}
