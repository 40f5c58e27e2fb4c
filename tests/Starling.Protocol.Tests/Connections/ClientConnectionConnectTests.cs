using Starling.Protocol.Connections;

namespace Starling.Protocol.Tests.Connections;

public sealed class ClientConnectionConnectTests
{
    [Fact, Statement("MQTT-3.1.0-1"), Statement("MQTT311-3.1.0-1")]
    public void CONNECT_is_the_first_packet()
    {
        ClientConnectionScript script = new(new ClientConnectionSettings
        {
            Version = MqttVersion.V311,
            ClientIdentifier = "c"u8.ToArray(),
            CleanStart = false,
            UserName = "u"u8.ToArray(),
            Password = "p"u8.ToArray(),
            Will = new ClientWill { Topic = "w"u8.ToArray(), Payload = "bye"u8.ToArray(), Qos = QualityOfService.AtLeastOnce, Retain = true },
        });

        script.Connection.Start();

        script.AssertSent("10 1B 0004 4D515454 04 EC 003C 0001 63 0001 77 0003 627965 0001 75 0001 70");
    }

    [Fact]
    public void CONNECT_of_5_0_announces_the_own_limits()
    {
        ClientConnectionScript script = new(new ClientConnectionSettings
        {
            ClientIdentifier = "c"u8.ToArray(),
            SessionExpiryIntervalSeconds = 60,
            ReceiveMaximum = 7,
            MaximumPacketBytes = 1000,
            TopicAliasMaximum = 3,
        });

        script.Connection.Start();

        string sent = Convert.ToHexString(script.Output.Take());
        Assert.Contains("110000003C", sent, StringComparison.Ordinal);
        Assert.Contains("210007", sent, StringComparison.Ordinal);
        Assert.Contains("27000003E8", sent, StringComparison.Ordinal);
        Assert.Contains("220003", sent, StringComparison.Ordinal);
    }

    [Fact, Statement("MQTT311-3.1.2-22")]
    public void In_3_1_1_a_password_without_user_name_stays_at_home()
    {
        ClientConnectionScript script = new(
            new ClientConnectionSettings { Version = MqttVersion.V311, ClientIdentifier = "c"u8.ToArray(), Password = "p"u8.ToArray() });

        script.Connection.Start();

        script.AssertSent("10 0D 0004 4D515454 04 02 003C 0001 63");
    }

    [Fact]
    public void An_accepted_connection_tells_the_limits_of_the_server()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected("20 14 00 00 11 210005 2401 2500 2700000100 13000A 2900");

        ServerLimits limits = script.Effects.Limits;

        Assert.Equal((5, QualityOfService.AtLeastOnce, false, 256u, 10, false), (limits.ReceiveMaximum, limits.MaximumQos, limits.RetainAvailable, limits.MaximumPacketBytes, limits.KeepAliveSeconds, limits.SubscriptionIdentifiersAvailable));
    }

    [Theory, Statement("MQTT-4.13.2-1")]
    [InlineData("20 03 00 87 00", MqttVersion.V5, ReasonCode.NotAuthorized)]
    [InlineData("20 02 00 01", MqttVersion.V311, ReasonCode.UnsupportedProtocolVersion)]
    [InlineData("20 02 00 01", MqttVersion.V5, ReasonCode.UnsupportedProtocolVersion)]
    public void A_refusal_ends_the_connection(string connAck, MqttVersion version, ReasonCode reason)
    {
        ClientConnectionScript script = new(new ClientConnectionSettings { Version = version, ClientIdentifier = "c"u8.ToArray() });
        script.Connection.Start();
        script.Output.Take();

        script.Receive(connAck);

        script.AssertTold($"refused {reason}", "ended Refused");
        script.AssertSent("");
        Assert.True(script.Output.IsClosed);
    }

    [Fact, Statement("MQTT-2.2.2-1")]
    public void A_CONNACK_of_3_x_cannot_accept_a_connection_of_5_0()
    {
        ClientConnectionScript script = new();
        script.Connection.Start();

        script.Receive(ClientConnectionScript.ConnAckV3);

        Assert.Equal("MQTT-2.2.2-1", script.Effects.End?.Statement);
    }

    [Theory, Statement("MQTT-3.2.0-1")]
    [InlineData("D0 00"), InlineData("30 04 0001 61 00"), InlineData("90 04 0001 00 00")]
    public void Nothing_but_AUTH_may_precede_CONNACK(string packet)
    {
        ClientConnectionScript script = new();
        script.Connection.Start();
        script.Output.Take();

        script.Receive(packet);

        Assert.Equal("MQTT-3.2.0-1", script.Effects.End?.Statement);
        script.AssertSent("");
        Assert.True(script.Output.IsClosed);
    }

    [Fact, Statement("MQTT-3.2.0-2")]
    public void A_second_CONNACK_is_a_violation()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected();

        script.Receive(ClientConnectionScript.ConnAckV5);

        script.AssertViolation(ReasonCode.ProtocolError, "MQTT-3.2.0-2");
    }

    [Fact, Statement("MQTT-3.2.2-2")]
    public void After_Clean_Start_the_server_cannot_have_a_session()
    {
        ClientConnectionScript script = new(new ClientConnectionSettings { ClientIdentifier = "c"u8.ToArray() }, new ClientSession(isResumed: true));
        script.Connection.Start();

        script.Receive(ClientConnectionScript.ConnAckV5SessionPresent);

        Assert.Equal("MQTT-3.2.2-2", script.Effects.End?.Statement);
    }

    [Fact, Statement("MQTT-3.2.2-4")]
    public void A_session_that_this_side_does_not_know_ends_the_connection()
    {
        ClientConnectionScript script = new();
        script.Connection.Start();

        script.Receive(ClientConnectionScript.ConnAckV5SessionPresent);

        Assert.Equal("MQTT-3.2.2-4", script.Effects.End?.Statement);
        Assert.True(script.Output.IsClosed);
    }

    [Fact]
    public void A_session_that_the_caller_knows_of_may_be_continued()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected(
            ClientConnectionScript.ConnAckV5SessionPresent, session: new ClientSession(isResumed: true));

        Assert.True(script.Connection.IsConnected);
    }

    [Fact, Statement("MQTT-3.1.2-20"), Statement("MQTT311-3.1.2-23")]
    public void PINGREQ_leaves_before_the_Keep_Alive_interval_is_over()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected();

        script.Pass(47_999);
        script.AssertSent("");
        Assert.Equal(script.NowMilliseconds + 1, script.Connection.Deadline);
        script.Pass(1);

        script.AssertSent("C0 00");
    }

    [Fact]
    public void Traffic_in_both_directions_makes_PINGREQ_needless()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected();
        script.Pass(40_000);
        script.Connection.SendEncoded([0x30, 0x04, 0x00, 0x01, 0x61, 0x00], script.Now);
        script.Receive("30 04 0001 61 00");
        script.Output.Take();

        script.Pass(40_000);

        script.AssertSent("");
    }

    [Fact]
    public void A_client_that_only_sends_asks_whether_the_server_lives()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected();
        script.Pass(40_000);
        script.Connection.SendEncoded([0x30, 0x04, 0x00, 0x01, 0x61, 0x00], script.Now);
        script.Output.Take();

        script.Pass(8_000);

        script.AssertSent("C0 00");
    }

    [Fact]
    public void A_server_that_does_not_answer_PINGREQ_is_given_up()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected();
        script.Pass(48_000);
        script.Pass(59_999);
        Assert.False(script.Connection.IsEnded);

        script.Pass(1);

        Assert.Equal(ClientEndKind.KeepAliveTimeout, script.Effects.End?.Kind);
        Assert.True(script.Output.IsAborted);
    }

    [Fact]
    public void PINGRESP_starts_the_interval_anew()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected();
        script.Pass(48_000);
        script.Receive("D0 00");
        script.Output.Take();

        script.Pass(48_000);

        script.AssertSent("C0 00");
        Assert.False(script.Connection.IsEnded);
    }

    [Fact, Statement("MQTT-3.1.2-21"), Statement("MQTT-3.2.2-21")]
    public void The_Keep_Alive_of_the_server_replaces_the_own_one()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected("20 06 00 00 03 13000A");

        script.Pass(8_000);

        script.AssertSent("C0 00");
    }

    [Fact]
    public void Keep_Alive_0_sends_nothing_and_ends_nothing()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected(
            settings: new ClientConnectionSettings { ClientIdentifier = "c"u8.ToArray(), KeepAliveSeconds = 0 });

        script.Pass(100_000_000);

        script.AssertSent("");
        Assert.Equal(long.MaxValue, script.Connection.Deadline);
    }

    [Fact]
    public void While_the_owner_does_not_read_PINGREQ_leaves_and_its_answer_is_not_missed()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected();
        script.Connection.SetReading(OwnerRoom.Full, script.Now);
        Assert.True(script.Output.IsPaused);

        for (int i = 0; i < 10; i++)
        {
            script.Pass(48_000);
            script.AssertSent("C0 00");
        }

        script.Connection.SetReading(OwnerRoom.Free, script.Now);
        script.Pass(59_999);
        Assert.False(script.Connection.IsEnded);
        Assert.False(script.Output.IsPaused);
    }

    [Fact, Statement("U5-03")]
    public void A_packet_that_only_a_client_sends_is_a_violation()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected();

        script.Receive("C0 00");

        script.AssertViolation(ReasonCode.ProtocolError, "U5-03");
    }

    [Fact]
    public void A_packet_above_the_own_maximum_is_a_violation_before_it_is_there()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected(
            settings: new ClientConnectionSettings { ClientIdentifier = "c"u8.ToArray(), MaximumPacketBytes = 100 });

        script.Receive("30 63");

        script.AssertViolation(ReasonCode.PacketTooLarge, "U5-42");
    }

    [Fact]
    public void A_violation_in_3_1_1_closes_without_a_word()
    {
        ClientConnectionScript script = ClientConnectionScript.ConnectedV311();

        script.Receive("E0 00");

        Assert.Equal(ClientEndKind.Violation, script.Effects.End?.Kind);
        script.AssertSent("");
        Assert.True(script.Output.IsClosed);
    }

    [Fact]
    public void A_packet_that_is_cut_off_is_not_taken()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected();

        Assert.Equal(0, script.Receive("30 0A 0001 61"));
        Assert.Equal(12, script.Connection.NeededBytes);

        Assert.Equal(12, script.Receive("30 0A 0001 61 00 010203040506"));
    }

    [Fact, Statement("MQTT-3.14.4-1"), Statement("MQTT-3.14.4-2"), Statement("MQTT311-3.14.4-1"), Statement("MQTT311-3.14.4-2")]
    public void After_DISCONNECT_nothing_is_sent_and_the_connection_closes()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected();

        script.Disconnect();
        script.Receive("32 06 0001 61 0001 00");
        script.Send(ClientConnectionScript.Message("m"));
        script.Connection.SendEncoded([0x30, 0x04, 0x00, 0x01, 0x61, 0x00], script.Now);
        script.Pass(1_000_000);

        script.AssertSent("E0 00");
        script.AssertTold("ended Disconnected");
        Assert.True(script.Output.IsClosed);
    }

    [Fact, Statement("MQTT-3.14.4-3")]
    public void In_3_1_1_only_a_goodbye_that_drops_the_Will_is_said()
    {
        ClientConnectionScript script = ClientConnectionScript.ConnectedV311();

        script.Disconnect(ReasonCode.DisconnectWithWill);

        script.AssertSent("");
        Assert.True(script.Output.IsClosed);
    }

    [Fact]
    public void The_server_may_end_a_connection_with_a_reason()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected();

        script.Receive("E0 01 8E");

        script.AssertTold("server disconnected SessionTakenOver", "ended ByServer");
        script.AssertSent("");
    }

    [Fact, Statement("MQTT-3.14.2-2")]
    public void A_DISCONNECT_of_the_server_has_no_session_expiry()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected();

        script.Receive("E0 07 8B 05 1100000001");

        script.AssertViolation(ReasonCode.ProtocolError, "MQTT-3.14.2-2");
    }

    [Fact]
    public void The_loss_of_the_transport_ends_the_connection_once()
    {
        ClientConnectionScript script = ClientConnectionScript.Connected();

        script.TransportClosed();
        script.TransportClosed();

        script.AssertTold("ended TransportLost");
    }
}
