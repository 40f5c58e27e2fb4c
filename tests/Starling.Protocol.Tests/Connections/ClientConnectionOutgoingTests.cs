using Starling.Protocol.Connections;
using static Starling.Protocol.Tests.Connections.ClientConnectionScript;

namespace Starling.Protocol.Tests.Connections;

public sealed class ClientConnectionOutgoingTests
{
    private const string Publish1 = "32 07 0001 61 0001 00 78";
    private const string Publish2 = "32 07 0001 61 0002 00 78";
    private const string Publish3 = "32 07 0001 61 0003 00 78";

    [Fact, Statement("MQTT-4.3.2-2"), Statement("MQTT-2.2.1-3"), Statement("MQTT311-2.3.1-2")]
    public void QoS_1_is_sent_once_with_a_free_identifier_until_PUBACK()
    {
        ClientConnectionScript script = Connected();

        script.Send(Message("m"), Message("n"));
        script.AssertSent(Publish1 + Publish2);
        script.Receive("40 02 0001");

        script.AssertTold("completed m Success");
        Assert.Equal(1, script.Session.OpenMessages);
    }

    [Fact, Statement("MQTT-4.3.3-2"), Statement("MQTT-4.3.3-4")]
    public void QoS_2_goes_through_PUBREC_PUBREL_PUBCOMP()
    {
        ClientConnectionScript script = Connected();

        script.Send(Message("m", qos: 2));
        script.AssertSent("34 07 0001 61 0001 00 78");
        script.Receive("50 02 0001");
        script.AssertSent("62 02 0001");
        script.AssertTold();
        script.Receive("70 02 0001");

        script.AssertTold("completed m Success");
        Assert.True(script.Session.IsIdle);
    }

    [Fact]
    public void The_code_of_PUBREC_is_the_outcome_of_QoS_2()
    {
        ClientConnectionScript script = Connected();
        script.Send(Message("m", qos: 2));

        script.Receive("50 03 0001 10");
        script.Receive("70 03 0001 92");

        script.AssertTold("completed m NoMatchingSubscribers");
    }

    [Theory, Statement("MQTT-4.4.0-2")]
    [InlineData(1, "40 03 0001 87"), InlineData(2, "50 03 0001 87")]
    public void A_refused_message_is_over(int qos, string refusal)
    {
        ClientConnectionScript script = Connected();
        script.Send(Message("m", qos));
        script.Output.Take();

        script.Receive(refusal);
        script.AssertTold("completed m NotAuthorized");
        script.AssertSent("");

        ClientConnectionScript next = Connected(ConnAckV5SessionPresent, session: script.Session);
        next.AssertSent("");
    }

    [Fact, Statement("MQTT-4.9.0-1"), Statement("MQTT-4.9.0-2"), Statement("MQTT-3.3.4-7")]
    public void No_more_messages_are_open_than_the_server_takes()
    {
        ClientConnectionScript script = Connected("20 06 00 00 03 210002");

        script.Send(Message("m"), Message("n"), Message("o"));
        script.AssertSent(Publish1 + Publish2);
        script.Receive("40 02 0002");

        script.AssertSent(Publish3);
    }

    [Fact, Statement("MQTT-3.3.4-8")]
    public void A_full_window_holds_up_nothing_else()
    {
        ClientConnectionScript script = Connected("20 06 00 00 03 210001");
        script.Send(Message("m", qos: 2), Message("n"));
        script.Output.Take();

        script.Receive("32 06 0001 61 0009 00");
        script.Acknowledge(0);
        script.Connection.SendEncoded([0x30, 0x04, 0x00, 0x01, 0x61, 0x00], script.Now);
        script.Receive("50 02 0001");

        script.AssertSent("40 02 0009" + "30 04 0001 61 00" + "62 02 0001");
    }

    [Fact]
    public void A_quota_is_freed_by_PUBCOMP_not_by_PUBREC()
    {
        ClientConnectionScript script = Connected("20 06 00 00 03 210001");
        script.Send(Message("m", qos: 2), Message("n"));
        script.Receive("50 02 0001");
        script.Output.Take();

        script.Receive("70 02 0001");

        script.AssertSent(Publish2);
    }

    [Fact, Statement("MQTT-3.3.1-1"), Statement("MQTT-4.4.0-1"), Statement("MQTT-4.6.0-1"), Statement("MQTT-4.3.3-6")]
    [Statement("MQTT311-4.4.0-1"), Statement("MQTT311-4.6.0-1")]
    public void A_resumed_session_redelivers_in_order_with_DUP_and_PUBREL()
    {
        ClientConnectionScript script = Connected();
        script.Send(Message("m"), Message("n", qos: 2), Message("o", qos: 2));
        script.Receive("50 02 0002");
        script.TransportClosed();

        ClientConnectionScript next = Connected(ConnAckV5SessionPresent, session: script.Session);

        next.AssertSent("62 02 0002" + "3A 07 0001 61 0001 00 78" + "3C 07 0001 61 0003 00 78");
        next.Receive("40 02 0001 70 02 0002 50 02 0003 70 02 0003");
        next.AssertTold("completed m Success", "completed n Success", "completed o Success");
        Assert.True(next.Session.IsIdle);
    }

    [Fact, Statement("MQTT-4.6.0-4"), Statement("MQTT-3.3.4-8"), Statement("MQTT311-4.6.0-4")]
    public void PUBRELs_of_a_resumed_session_go_first_in_the_order_of_their_PUBRECs_and_outside_the_quota()
    {
        ClientConnectionScript script = Connected();
        script.Send(Message("m"), Message("n", qos: 2), Message("o", qos: 2), Message("p", qos: 2));
        script.Receive("50 02 0004 50 02 0002 50 02 0003");
        script.TransportClosed();

        ClientConnectionScript next = Connected("20 06 01 00 03 210001", session: script.Session);

        next.AssertSent("62 02 0004 62 02 0002 62 02 0003" + "3A 07 0001 61 0001 00 78");
    }

    [Theory, Statement("MQTT-3.2.2-15")]
    [InlineData("20 08 00 00 05 2700000004", "40 02 0001 50 02 0002 70 02 0009 62 02 0009")]
    [InlineData("20 08 00 00 05 2700000005", "40 03 0001 97 50 03 0002 97 70 03 0009 92 62 03 0009 92")]
    public void Acknowledgements_leave_out_the_code_that_would_make_them_too_large(string connAck, string sent)
    {
        ClientConnectionScript script = Connected(connAck);
        script.Receive("32 07 0001 61 0001 00 78 34 07 0001 61 0002 00 78");
        script.Acknowledge(0, ReasonCode.QuotaExceeded);
        script.Acknowledge(1, ReasonCode.QuotaExceeded);

        script.Receive("62 02 0009 50 02 0009");

        script.AssertSent(sent);
    }

    [Fact]
    public void Redelivery_keeps_to_the_quota_of_the_new_connection_and_precedes_new_messages()
    {
        ClientConnectionScript script = Connected();
        script.Send(Message("m"), Message("n"));
        script.TransportClosed();
        script.Session.Add(Message("o"));

        ClientConnectionScript next = Connected("20 06 01 00 03 210001", session: script.Session);

        next.AssertSent("3A 07 0001 61 0001 00 78");
        next.Receive("40 02 0001");
        next.AssertSent("3A 07 0001 61 0002 00 78");
        next.Receive("40 02 0002");
        next.AssertSent(Publish3);
    }

    [Fact, Statement("MQTT-3.2.2-5")]
    public void A_lost_session_makes_new_what_nobody_has_confirmed_and_unknown_what_PUBREC_has_taken()
    {
        ClientConnectionScript script = Connected();
        script.Send(Message("m", qos: 2), Message("n"), Message("p", qos: 2));
        script.Receive("50 02 0001");
        script.Effects.Told.Clear();
        script.TransportClosed();
        script.Session.Add(Message("o"));

        ClientConnectionScript next = new(session: script.Session);
        next.Connection.Start();
        next.Output.Take();
        next.Receive(ConnAckV5);

        next.AssertTold("unknown m", "accepted");
        next.AssertSent("32 07 0001 61 0004 00 78" + "34 07 0001 61 0005 00 78" + "32 07 0001 61 0006 00 78");
    }

    [Fact]
    public void In_3_1_which_has_no_Session_Present_a_kept_session_is_taken_as_continued()
    {
        ClientConnectionSettings settings = new() { Version = MqttVersion.V31, ClientIdentifier = "c"u8.ToArray(), CleanStart = false };
        ClientConnectionScript script = Connected(ConnAckV3, settings);
        script.Send(Message("m"));
        script.TransportClosed();

        ClientConnectionScript next = Connected(ConnAckV3, settings, script.Session);

        next.AssertSent("3A 06 0001 61 0001 78");
    }

    [Theory]
    [InlineData("24 01", 2, false, "x", ReasonCode.QoSNotSupported), InlineData("25 00", 1, true, "x", ReasonCode.RetainNotSupported)]
    [InlineData("27 0000000A", 1, false, "xxxxxxxxxx", ReasonCode.PacketTooLarge)]
    [Statement("MQTT-3.2.2-11"), Statement("MQTT-3.2.2-14"), Statement("MQTT-3.2.2-15")]
    public void What_the_server_does_not_take_is_not_sent(string limit, int qos, bool retain, string payload, ReasonCode reason)
    {
        int bytes = limit.Replace(" ", "", StringComparison.Ordinal).Length / 2;
        ClientConnectionScript script = Connected($"20 {bytes + 3:X2} 00 00 {bytes:X2} {limit}");

        script.Send(Message("m", qos, retain, payload), Message("n"));

        script.AssertTold($"not sent m {reason}");
        script.AssertSent(Publish1);
    }

    [Fact]
    public void A_redelivery_that_the_server_does_not_take_any_more_is_over()
    {
        ClientConnectionScript script = Connected();
        script.Send(Message("m", payload: "xxxxxxxxxx"), Message("n"));
        script.TransportClosed();

        ClientConnectionScript next = new(session: script.Session);
        next.Connection.Start();
        next.Output.Take();
        next.Receive("20 08 01 00 05 27 0000000A");

        next.AssertTold("accepted, session present", "not sent m PacketTooLarge");
        next.AssertSent("3A 07 0001 61 0002 00 78");
    }

    [Theory]
    [InlineData(2, "40 02 0001", "MQTT-3.3.4-1"), InlineData(1, "50 02 0001", "MQTT-3.3.4-1"), InlineData(2, "70 02 0001", "MQTT-4.3.3-11")]
    [Statement("MQTT-3.3.4-1"), Statement("MQTT-4.3.3-11")]
    public void An_answer_that_does_not_fit_the_exchange_is_a_violation(int qos, string answer, string statement)
    {
        ClientConnectionScript script = Connected();
        script.Send(Message("m", qos));

        script.Receive(answer);

        script.AssertViolation(ReasonCode.ProtocolError, statement);
    }

    [Fact, Statement("U5-40")]
    public void An_unknown_PUBREC_is_answered_and_other_unknown_ones_are_ignored()
    {
        ClientConnectionScript script = Connected();

        script.Receive("40 02 0007 70 02 0007 50 02 0007 50 03 0007 80");

        script.AssertSent("62 03 0007 92");
        Assert.True(script.Connection.IsConnected);
    }

    [Fact, Statement("MQTT-4.6.0-4")]
    public void PUBRELs_leave_in_the_order_of_the_PUBRECs()
    {
        ClientConnectionScript script = Connected();
        script.Send(Message("m", qos: 2), Message("n", qos: 2));
        script.Output.Take();

        script.Receive("50 02 0002 50 02 0001");

        script.AssertSent("62 02 0002" + "62 02 0001");
    }

    [Fact]
    public void Identifiers_go_round_and_skip_those_in_use()
    {
        ClientConnectionScript script = Connected();
        script.Send(Message("stays", qos: 2));
        for (int i = 2; i <= 65535; i++)
        {
            script.Send(Message("m"));
            script.Receive($"40 02 {i:X4}");
        }

        script.Output.Take();
        script.Send(Message("m"));

        script.AssertSent(Publish2);
    }

    [Fact]
    public void Messages_wait_in_the_session_while_the_output_is_behind()
    {
        ClientConnectionScript script = Connected();
        script.Output.PendingBytes = 1 << 20;

        script.Send(Message("m"));
        script.AssertSent("");
        script.Output.PendingBytes = 0;
        script.Send();

        script.AssertSent(Publish1);
    }

    [Fact]
    public void A_waiting_message_can_be_taken_back()
    {
        ClientSession session = new();
        session.Add(Message("m"));
        session.Add(Message("n"));

        Assert.Equal(1, session.RemoveWaiting(message => Equals(message.Tag, "m")));

        ClientConnectionScript script = Connected(session: session);
        script.AssertSent(Publish1);
        Assert.Equal(["n"], session.TakeAll().Select(message => (string?)message.Tag));
        Assert.True(session.IsIdle);
    }
}
