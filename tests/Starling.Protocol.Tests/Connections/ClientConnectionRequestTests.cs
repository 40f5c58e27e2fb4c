using Starling.Protocol.Connections;
using Starling.Protocol.Tests.Packets;
using static Starling.Protocol.Tests.Connections.ClientConnectionScript;

namespace Starling.Protocol.Tests.Connections;

public sealed class ClientConnectionRequestTests
{
    private static readonly ClientConnectionSettings WithMethod = new()
    {
        ClientIdentifier = "c"u8.ToArray(),
        AuthenticationMethod = "m"u8.ToArray(),
        AuthenticationData = "d"u8.ToArray(),
    };

    [Fact]
    public void SUBSCRIBE_is_answered_by_identifier()
    {
        ClientConnectionScript script = Connected();

        Assert.True(Subscribe(script, "first", identifier: 7));
        Assert.True(Subscribe(script, "second"));
        script.AssertSent("82 09 0001 02 0B07 0001 61 01" + "82 07 0002 00 0001 61 01");
        script.Receive("90 04 0002 00 01 90 04 0001 00 87");

        script.AssertTold("subscribed second 01", "subscribed first 87");
    }

    [Fact]
    public void A_server_without_subscription_identifiers_gets_none()
    {
        ClientConnectionScript script = Connected("20 05 00 00 02 2900");

        Subscribe(script, "s", identifier: 7);

        script.AssertSent("82 07 0001 00 0001 61 01");
    }

    [Fact]
    public void UNSUBSCRIBE_is_answered_by_identifier()
    {
        ClientConnectionScript script = Connected();

        Assert.True(script.Connection.TryUnsubscribe(new EncodedFilters(Wire.Bytes("0001 61"), 1), "u", script.Now));
        script.AssertSent("A2 06 0001 00 0001 61");
        script.Receive("B0 04 0001 00 11");

        script.AssertTold("unsubscribed u 11");
    }

    [Fact]
    public void UNSUBACK_of_3_1_1_has_no_codes()
    {
        ClientConnectionScript script = ConnectedV311();
        script.Connection.TryUnsubscribe(new EncodedFilters(Wire.Bytes("0001 61"), 1), "u", script.Now);

        script.Receive("B0 02 0001");

        script.AssertTold("unsubscribed u ");
    }

    [Theory]
    [InlineData("90 04 0002 00 01", "MQTT-2.2.1-6"), InlineData("B0 04 0001 00 00", "MQTT-2.2.1-6"), InlineData("90 05 0001 00 01 01", "MQTT-3.8.4-6")]
    [InlineData("40 02 0001", "MQTT-2.2.1-5")]
    [Statement("MQTT-2.2.1-6"), Statement("MQTT-3.8.4-6"), Statement("MQTT-3.9.3-1"), Statement("MQTT-2.2.1-5")]
    public void An_answer_that_fits_no_request_is_a_violation(string answer, string statement)
    {
        ClientConnectionScript script = Connected();
        Subscribe(script, "s");
        script.Output.Take();

        script.Receive(answer);

        script.AssertViolation(ReasonCode.ProtocolError, statement);
    }

    [Fact, Statement("MQTT-3.11.3-1")]
    public void An_UNSUBACK_with_a_wrong_number_of_codes_is_a_violation()
    {
        ClientConnectionScript script = Connected();
        script.Connection.TryUnsubscribe(new EncodedFilters(Wire.Bytes("0001 61"), 1), "u", script.Now);

        script.Receive("B0 05 0001 00 00 00");

        script.AssertViolation(ReasonCode.ProtocolError, "MQTT-3.11.3-1");
    }

    [Fact]
    public void A_request_larger_than_the_server_takes_is_not_sent()
    {
        ClientConnectionScript script = Connected("20 08 00 00 05 27 00000008");

        Assert.False(Subscribe(script, "s"));

        script.AssertSent("");
    }

    [Fact]
    public void Requests_die_with_their_connection_and_free_their_identifiers()
    {
        ClientConnectionScript script = Connected();
        Subscribe(script, "s");
        script.TransportClosed();

        ClientConnectionScript next = Connected(ConnAckV5SessionPresent, session: script.Session);
        next.Receive("90 04 0001 00 01");

        next.AssertViolation(ReasonCode.ProtocolError, "MQTT-2.2.1-6");
    }

    [Fact]
    public void Requests_need_a_connection()
    {
        ClientConnectionScript script = new();
        script.Connection.Start();

        Assert.False(Subscribe(script, "s"));
        Assert.False(script.Connection.TryUnsubscribe(new EncodedFilters(Wire.Bytes("0001 61"), 1), "u", script.Now));
    }

    [Fact, Statement("MQTT-4.12.0-3"), Statement("MQTT-3.1.2-30")]
    public void A_challenge_before_CONNACK_is_answered_with_AUTH_0x18()
    {
        ClientConnectionScript script = new(WithMethod);
        script.Connection.Start();
        Assert.Contains("1500016D16000164", Convert.ToHexString(script.Output.Take()), StringComparison.Ordinal);

        script.Receive("F0 0A 18 08 1500016D 16000171");
        script.AssertTold("challenged q");
        script.Connection.Authenticate("r"u8, script.Now);
        script.AssertSent("F0 0A 18 08 1500016D 16000172");
        script.Receive("20 07 00 00 04 1500016D");

        script.AssertTold("accepted");
    }

    [Fact, Statement("MQTT-4.12.1-1")]
    public void Re_authentication_begins_with_AUTH_0x19_and_ends_with_0x00()
    {
        ClientConnectionScript script = Connected("20 07 00 00 04 1500016D", WithMethod);

        script.Connection.Reauthenticate("d"u8, script.Now);
        script.AssertSent("F0 0A 19 08 1500016D 16000164");
        script.Receive("F0 0A 18 08 1500016D 16000171");
        script.Connection.Authenticate("r"u8, script.Now);
        script.AssertSent("F0 0A 18 08 1500016D 16000172");
        script.Receive("F0 06 00 04 1500016D");

        script.AssertTold("challenged q", "reauthenticated");
    }

    [Theory, Statement("MQTT-4.12.0-5")]
    [InlineData("20 03 00 00 00"), InlineData("20 07 00 00 04 1500016E"), InlineData("F0 06 18 04 1500016E")]
    public void A_server_that_names_another_method_or_none_breaks_a_rule(string packet)
    {
        ClientConnectionScript script = new(WithMethod);
        script.Connection.Start();

        script.Receive(packet);

        Assert.Equal("MQTT-4.12.0-5", script.Effects.End?.Statement);
    }

    [Theory, Statement("MQTT-4.12.0-6")]
    [InlineData("20 07 00 00 04 1500016D"), InlineData("F0 06 18 04 1500016D")]
    public void A_server_that_authenticates_unasked_breaks_a_rule(string packet)
    {
        ClientConnectionScript script = new();
        script.Connection.Start();

        script.Receive(packet);

        Assert.Equal("MQTT-4.12.0-6", script.Effects.End?.Statement);
    }

    [Fact, Statement("MQTT-4.12.0-7")]
    public void A_client_without_a_method_sends_no_AUTH()
    {
        ClientConnectionScript script = Connected();

        script.Connection.Authenticate("r"u8, script.Now);
        script.Connection.Reauthenticate("r"u8, script.Now);

        script.AssertSent("");
    }

    [Theory, Statement("MQTT-4.12.0-2")]
    [InlineData("F0 06 18 04 1500016D"), InlineData("F0 06 00 04 1500016D"), InlineData("F0 06 19 04 1500016D")]
    public void An_AUTH_that_nobody_asked_for_is_a_violation(string auth)
    {
        ClientConnectionScript script = Connected("20 07 00 00 04 1500016D", WithMethod);

        script.Receive(auth);

        script.AssertViolation(ReasonCode.ProtocolError, "MQTT-4.12.0-2");
    }

    private static bool Subscribe(ClientConnectionScript script, string tag, uint identifier = 0) =>
        script.Connection.TrySubscribe(new EncodedFilters(Wire.Bytes("0001 61 01"), 1), identifier, tag, script.Now);
}
