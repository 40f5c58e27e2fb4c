using Starling.Protocol.Connections;
using static Starling.Protocol.Tests.Connections.ClientConnectionScript;

namespace Starling.Protocol.Tests.Connections;

/// <summary>What an owner needs that writes down how far exchanges are.</summary>
public sealed class ClientConnectionStoredTests
{
    [Fact, Statement("MQTT-4.6.0-4")]
    public void PUBREL_waits_until_the_owner_lets_it_go()
    {
        ClientConnectionScript script = Connected();
        OutgoingMessage message = Stored("m", 1);
        script.Send(message);
        script.Output.Take();

        script.Receive("50 02 0001");
        script.Receive("50 02 0001");
        script.AssertSent("");
        script.AssertTold("received m Success");
        script.Connection.Release(message, script.Now);
        script.Connection.Release(message, script.Now);

        script.AssertSent("62 02 0001");
    }

    [Fact, Statement("MQTT-4.4.0-1")]
    public void A_held_PUBREL_does_not_leave_with_the_next_connection_and_an_allowed_one_does()
    {
        ClientConnectionScript script = Connected();
        OutgoingMessage held = Stored("held", 1);
        OutgoingMessage allowed = Stored("allowed", 2);
        script.Send(held, allowed);
        script.Receive("50 02 0001 50 02 0002");
        script.TransportClosed();
        allowed.AllowRelease();

        ClientConnectionScript next = Connected(ConnAckV5SessionPresent, session: script.Session);
        next.AssertSent("62 02 0002");
        next.Connection.Release(held, next.Now);

        next.AssertSent("62 02 0001");
    }

    [Fact, Statement("MQTT-4.4.0-1")]
    public void Restored_exchanges_go_on_where_they_were()
    {
        ClientSession session = new(isResumed: true);
        Assert.True(session.TryRestore(Stored("released", 7), ReasonCode.Success));
        Assert.True(session.TryRestore(Stored("published", 8), null));
        Assert.False(session.TryRestore(Stored("other", 8), null));
        Assert.Equal(["released", "published"], session.Messages.Select(message => message.Tag));

        ClientConnectionScript script = Connected(ConnAckV5SessionPresent, session: session);

        script.AssertSent("62 02 0007" + "3C 07 0001 61 0008 00 78");
    }

    [Fact]
    public void A_message_whose_identifier_is_in_use_waits_with_those_behind_it()
    {
        ClientConnectionScript script = Connected();
        script.Send(Stored("first", 5), Stored("second", 5), Stored("third", 6));
        script.AssertSent("34 07 0001 61 0005 00 78");

        script.Receive("50 03 0005 87");

        script.AssertSent("34 07 0001 61 0005 00 78" + "34 07 0001 61 0006 00 78");
    }

    [Fact]
    public void What_expires_before_it_is_sent_is_told_and_not_sent_and_the_interval_counts_down()
    {
        ClientConnectionScript script = Connected();
        OutgoingMessage Expiring(string tag, long at) => new() { Topic = "a"u8.ToArray(), Payload = "x"u8.ToArray(), Qos = QualityOfService.AtLeastOnce, ExpiresAtUtcMilliseconds = at, Tag = tag };

        script.Send(Expiring("gone", 0), Expiring("left", 4_001));

        script.AssertTold("expired gone");
        script.AssertSent("32 0C 0001 61 0001 05 0200000005 78");
    }

    private static OutgoingMessage Stored(string tag, ushort identifier) => new()
    {
        Topic = "a"u8.ToArray(),
        Payload = "x"u8.ToArray(),
        Qos = QualityOfService.ExactlyOnce,
        FixedPacketIdentifier = identifier,
        AwaitsRelease = true,
        Tag = tag,
    };
}
