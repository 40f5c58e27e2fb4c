using Starling.Protocol.Connections;
using static Starling.Protocol.Tests.Connections.ClientConnectionScript;

namespace Starling.Protocol.Tests.Connections;

public sealed class ClientConnectionIncomingTests
{
    private static readonly ClientConnectionSettings Few =
        new() { ClientIdentifier = "c"u8.ToArray(), CleanStart = false, ReceiveMaximum = 2, TopicAliasMaximum = 2 };

    [Fact]
    public void QoS_0_is_delivered_and_not_answered()
    {
        ClientConnectionScript script = Connected();

        script.Receive("30 05 0001 61 00 78");
        script.Acknowledge(0);

        script.AssertTold("deliver a x");
        script.AssertSent("");
    }

    [Fact]
    public void QoS_1_is_acknowledged_when_the_owner_has_taken_it()
    {
        ClientConnectionScript script = Connected();

        script.Receive("32 07 0001 61 0005 00 78");
        script.AssertSent("");
        script.Acknowledge(0);
        script.Acknowledge(0);

        script.AssertSent("40 02 0005");
    }

    [Fact, Statement("MQTT-4.6.0-2"), Statement("MQTT311-4.6.0-2")]
    public void PUBACKs_leave_in_the_order_of_the_messages()
    {
        ClientConnectionScript script = Connected();
        script.Receive("32 06 0001 61 0005 00 32 06 0001 61 0003 00 32 06 0001 61 0004 00");

        script.Acknowledge(2);
        script.Acknowledge(1);
        script.AssertSent("");
        script.Acknowledge(0);

        script.AssertSent("40 02 0005 40 02 0003 40 02 0004");
    }

    [Fact, Statement("MQTT-4.6.0-3"), Statement("MQTT311-4.6.0-3")]
    public void PUBRECs_leave_in_the_order_of_the_messages_and_QoS_1_does_not_wait_for_them()
    {
        ClientConnectionScript script = Connected();
        script.Receive("34 06 0001 61 0005 00 32 06 0001 61 0004 00 34 06 0001 61 0003 00");

        script.Acknowledge(2);
        script.Acknowledge(1);
        script.AssertSent("40 02 0004");
        script.Acknowledge(0);

        script.AssertSent("50 02 0005 50 02 0003");
    }

    [Fact, Statement("MQTT-4.3.3-10"), Statement("MQTT311-4.3.3-2")]
    public void A_repeat_of_QoS_2_is_answered_again_and_not_delivered_again()
    {
        ClientConnectionScript script = Connected();
        script.Receive("34 07 0001 61 0005 00 78");
        script.Receive("3C 07 0001 61 0005 00 78");
        script.Acknowledge(0);
        script.AssertSent("50 02 0005");

        script.Receive("3C 07 0001 61 0005 00 78");

        script.AssertTold("deliver a x");
        script.AssertSent("50 02 0005");
    }

    [Fact, Statement("MQTT-4.3.3-12")]
    public void After_PUBREL_the_identifier_is_new()
    {
        ClientConnectionScript script = Connected();
        script.Receive("34 07 0001 61 0005 00 78");
        script.Acknowledge(0);
        script.Receive("62 02 0005");
        script.AssertSent("50 02 0005 70 02 0005");

        script.Receive("34 07 0001 61 0005 00 79");

        script.AssertTold("deliver a x", "deliver a y");
    }

    [Fact]
    public void An_unknown_PUBREL_is_answered_with_0x92()
    {
        ClientConnectionScript script = Connected();

        script.Receive("62 02 0005");

        script.AssertSent("70 03 0005 92");
    }

    [Fact]
    public void A_PUBREL_without_PUBREC_is_a_violation()
    {
        ClientConnectionScript script = Connected();
        script.Receive("34 07 0001 61 0005 00 78");

        script.Receive("62 02 0005");

        script.AssertViolation(ReasonCode.ProtocolError, "MQTT-4.3.3-4");
    }

    [Fact, Statement("MQTT-4.3.3-9")]
    public void A_refused_QoS_2_identifier_is_free()
    {
        ClientConnectionScript script = Connected();
        script.Receive("34 07 0001 61 0005 00 78");

        script.Acknowledge(0, ReasonCode.ImplementationSpecificError);
        script.AssertSent("50 03 0005 83");
        script.Receive("34 07 0001 61 0005 00 79");

        script.AssertTold("deliver a x", "deliver a y");
    }

    [Fact]
    public void QoS_2_taken_before_the_cut_is_not_delivered_again_after_it()
    {
        ClientConnectionScript script = Connected();
        script.Receive("34 07 0001 61 0005 00 78");
        script.TransportClosed();

        // The owner takes it while there is no connection.
        ClientConnectionScript next = Connected(ConnAckV5SessionPresent, session: script.Session);
        next.Connection.Acknowledge(script.Effects.Tokens[0], ReasonCode.Success, next.Now);
        next.AssertSent("");
        next.Receive("3C 07 0001 61 0005 00 78");

        next.AssertTold();
        next.AssertSent("50 02 0005");
    }

    [Fact]
    public void A_late_acknowledgement_of_QoS_2_reaches_the_repeat_on_the_new_connection()
    {
        ClientConnectionScript script = Connected();
        script.Receive("34 07 0001 61 0005 00 78");
        script.TransportClosed();
        ClientConnectionScript next = Connected(ConnAckV5SessionPresent, session: script.Session);
        next.Receive("3C 07 0001 61 0005 00 78");
        next.AssertSent("");

        next.Connection.Acknowledge(script.Effects.Tokens[0], ReasonCode.Success, next.Now);

        next.AssertSent("50 02 0005");
    }

    [Fact]
    public void A_late_acknowledgement_of_QoS_1_is_void()
    {
        ClientConnectionScript script = Connected();
        script.Receive("32 07 0001 61 0005 00 78");
        script.TransportClosed();
        ClientConnectionScript next = Connected(ConnAckV5SessionPresent, session: script.Session);
        next.Receive("3A 07 0001 61 0005 00 78");

        next.Connection.Acknowledge(script.Effects.Tokens[0], ReasonCode.Success, next.Now);

        next.AssertTold("deliver a x");
        next.AssertSent("");
    }

    [Fact]
    public void A_lost_session_forgets_QoS_2_identifiers()
    {
        ClientConnectionScript script = Connected();
        script.Receive("34 07 0001 61 0005 00 78");
        script.Acknowledge(0);
        script.TransportClosed();
        ClientConnectionScript next = Connected(ConnAckV5, session: script.Session);

        next.Receive("34 07 0001 61 0005 00 79");

        next.AssertTold("deliver a y");
    }

    [Fact, Statement("U5-26")]
    public void More_open_messages_than_announced_are_a_violation()
    {
        ClientConnectionScript script = Connected(settings: Few);
        script.Receive("32 06 0001 61 0001 00 34 06 0001 61 0002 00");
        Assert.True(script.Connection.IsConnected);

        script.Receive("32 06 0001 61 0003 00");

        script.AssertViolation(ReasonCode.ReceiveMaximumExceeded, "U5-26");
    }

    [Fact]
    public void A_place_is_freed_by_PUBACK_PUBCOMP_and_a_refusing_PUBREC()
    {
        ClientConnectionScript script = Connected(settings: Few);
        script.Receive("32 06 0001 61 0001 00 34 06 0001 61 0002 00");
        script.Acknowledge(0);
        script.Receive("34 06 0001 61 0003 00");
        script.Acknowledge(1);
        script.Acknowledge(2, ReasonCode.UnspecifiedError);
        script.Receive("34 06 0001 61 0004 00");
        script.Receive("62 02 0002");

        script.Receive("32 06 0001 61 0005 00");

        Assert.True(script.Connection.IsConnected);
    }

    [Fact]
    public void In_3_1_1_the_connection_is_not_read_while_too_many_are_open()
    {
        ClientConnectionScript script = ConnectedV311(Few);

        int used = script.Receive("32 05 0001 61 0001 32 05 0001 61 0002 32 05 0001 61 0003");
        Assert.Equal((14, true), (used, script.Output.IsPaused));
        script.Acknowledge(0);

        Assert.False(script.Output.IsPaused);
        Assert.Equal(7, script.Receive("32 05 0001 61 0003"));
        Assert.Equal(3, script.Effects.Tokens.Count);
    }

    [Fact]
    public void A_server_that_sends_more_than_announced_can_be_put_up_with_by_not_reading()
    {
        ClientConnectionScript script = Connected(settings: Few with { ToleratesReceiveExcess = true });

        script.Receive("32 06 0001 61 0001 00 34 06 0001 61 0002 00");
        Assert.False(script.Output.IsPaused);
        int used = script.Receive("32 06 0001 61 0003 00 32 06 0001 61 0004 00");
        Assert.Equal((8, true), (used, script.Output.IsPaused));
        script.Acknowledge(0);

        Assert.False(script.Output.IsPaused);
        Assert.Equal(8, script.Receive("32 06 0001 61 0004 00"));
        Assert.Equal(4, script.Effects.Tokens.Count);
        Assert.True(script.Connection.IsConnected);
    }

    [Fact]
    public void More_is_read_while_an_answer_is_awaited_for_the_owner_may_need_it_to_go_on()
    {
        ClientConnectionScript script = ConnectedV311(Few);
        script.Receive("32 05 0001 61 0001 32 05 0001 61 0002");
        Assert.True(script.Output.IsPaused);

        script.Send(Message("m"));

        Assert.False(script.Output.IsPaused);
        Assert.Equal(11, script.Receive("32 05 0001 61 0003 40 02 0001"));
        Assert.True(script.Output.IsPaused);
        Assert.Equal(3, script.Effects.Tokens.Count);
    }

    [Fact]
    public void A_full_owner_is_read_for_while_an_answer_is_awaited_and_an_exhausted_one_is_not()
    {
        ClientConnectionScript script = Connected();
        script.Connection.SetReading(OwnerRoom.Full, script.Now);
        Assert.True(script.Output.IsPaused);

        script.Send(Message("m"));
        Assert.False(script.Output.IsPaused);
        script.Connection.SetReading(OwnerRoom.Exhausted, script.Now);
        Assert.True(script.Output.IsPaused);
        script.Connection.SetReading(OwnerRoom.Full, script.Now);
        Assert.False(script.Output.IsPaused);

        script.Receive("40 02 0001");
        Assert.True(script.Output.IsPaused);
    }

    [Fact]
    public void What_is_taken_while_an_answer_is_awaited_is_bounded_too()
    {
        ClientConnectionScript script = ConnectedV311(Few);
        script.Send(Message("m"));

        int taken = 0;
        for (int used = 1; used > 0 && taken < 1000; taken++)
        {
            used = script.Receive($"32 05 0001 61 {taken + 1:X4}");
        }

        Assert.Equal((2 * 16) + 1, taken);
        Assert.True(script.Output.IsPaused);
    }

    [Fact, Statement("U5-22"), Statement("MQTT-3.3.2-10")]
    public void An_alias_stands_for_the_topic_it_was_last_sent_with()
    {
        ClientConnectionScript script = Connected(settings: Few);

        script.Receive("30 08 0001 61 03 230002 78");
        script.Receive("30 07 0000 03 230002 79");
        script.Receive("30 08 0001 62 03 230002 7A");
        script.Receive("30 07 0000 03 230002 7A");

        script.AssertTold("deliver a x", "deliver a y", "deliver b z", "deliver b z");
    }

    [Theory]
    [InlineData("30 07 0000 03 230001 78", ReasonCode.ProtocolError, "U5-21")]
    [InlineData("30 08 0001 61 03 230003 78", ReasonCode.TopicAliasInvalid, "MQTT-3.3.2-11")]
    [InlineData("30 05 0000 00 7879", ReasonCode.ProtocolError, "U5-20")]
    [Statement("U5-21"), Statement("MQTT-3.3.2-11"), Statement("U5-20")]
    public void A_topic_that_cannot_be_known_is_a_violation(string publish, ReasonCode reason, string statement)
    {
        ClientConnectionScript script = Connected(settings: Few);

        script.Receive(publish);

        script.AssertViolation(reason, statement);
    }

    [Fact, Statement("MQTT-3.3.2-7")]
    public void Aliases_end_with_their_connection()
    {
        ClientConnectionScript script = Connected(settings: Few);
        script.Receive("30 08 0001 61 03 230001 78");
        script.TransportClosed();
        ClientConnectionScript next = Connected(ConnAckV5SessionPresent, Few, script.Session);

        next.Receive("30 07 0000 03 230001 78");

        next.AssertViolation(ReasonCode.ProtocolError, "U5-21");
    }
}
