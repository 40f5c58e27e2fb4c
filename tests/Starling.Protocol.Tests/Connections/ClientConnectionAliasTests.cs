using CsCheck;
using Starling.Protocol.Connections;

namespace Starling.Protocol.Tests.Connections;

public sealed class ClientConnectionAliasTests
{
    // CONNACK with a Topic Alias Maximum of 4: two for QoS 1 and 2, two for what is encoded elsewhere.
    private const string ConnAck = "20 06 00 00 03 220004";
    private const string Long = "6C6F6E672F746F706963"; // long/topic

    [Fact, Statement("MQTT-3.2.2-17")]
    public void A_topic_goes_out_once_with_its_alias_and_then_as_the_alias()
    {
        ClientConnectionScript script = Connected();

        script.Send(Message("long/topic"), Message("long/topic"));

        script.AssertSent($"32 13 000A {Long} 0001 03 230001 78" + "32 09 0000 0002 03 230001 78");
    }

    [Fact]
    public void A_short_topic_has_no_alias()
    {
        ClientConnectionScript script = Connected();

        script.Send(Message("a"), Message("a"));

        script.AssertSent("32 07 0001 61 0001 00 78" + "32 07 0001 61 0002 00 78");
    }

    [Fact, Statement("MQTT-3.2.2-18")]
    public void Without_a_maximum_of_the_server_there_are_no_aliases()
    {
        ClientConnectionScript script = Connected(ClientConnectionScript.ConnAckV5);

        script.Send(Message("long/topic"), Message("long/topic"));

        script.AssertSent($"32 10 000A {Long} 0001 00 78" + $"32 10 000A {Long} 0002 00 78");
    }

    [Fact, Statement("MQTT-3.3.2-7")]
    public void What_is_sent_again_on_a_new_connection_begins_with_its_full_topic()
    {
        ClientConnectionScript script = Connected();
        script.Send(Message("long/topic"), Message("long/topic"));
        script.Output.Take();
        script.TransportClosed();

        ClientConnectionScript next = new(Settings(), script.Session);
        next.Connection.Start();
        next.Output.Take();
        next.Receive("20 06 01 00 03 220004");

        next.AssertSent($"3A 13 000A {Long} 0001 03 230001 78" + "3A 09 0000 0002 03 230001 78");
    }

    [Fact]
    public void An_alias_that_would_make_the_packet_too_large_is_left_out()
    {
        // Maximum Packet Size 18: the packet itself has 18 bytes.
        ClientConnectionScript script = Connected("20 0B 00 00 08 2700000012 220004");

        script.Send(Message("long/topic"), Message("long/topic"));

        script.AssertSent($"32 10 000A {Long} 0001 00 78" + $"32 10 000A {Long} 0002 00 78");
    }

    [Fact]
    public void The_server_never_resolves_an_alias_to_another_topic() => Gen.Select(Gen.Int[0, 9].Array[1, 60], Gen.UShort[0, 8]).Sample((topics, maximum) =>
    {
        // A model of the server: what it makes of the packets is what was published.
        ServerLimits limits = new() { Version = MqttVersion.V5, TopicAliasMaximum = maximum };
        Dictionary<int, string> server = [];
        OutgoingAliases[] tables = [OutgoingAliases.ForAcknowledged(limits), OutgoingAliases.ForEncoded(limits)];
        for (int i = 0; i < topics.Length; i++)
        {
            string topic = $"a/long/topic/{topics[i]}";
            int alias = tables[i % 2].Use(System.Text.Encoding.UTF8.GetBytes(topic), out bool isKnown);
            Assert.InRange(alias, 0, maximum);
            Assert.True(alias != 0 || !isKnown);
            server[alias] = isKnown ? server[alias] : topic;
            Assert.Equal(topic, server[alias]);
        }
    });

    [Fact]
    public void Ever_new_topics_do_not_push_out_the_topics_that_come_again()
    {
        ServerLimits limits = new() { Version = MqttVersion.V5, TopicAliasMaximum = 4 };
        OutgoingAliases aliases = OutgoingAliases.ForAcknowledged(limits);
        aliases.Use("a/first/topic"u8.ToArray(), out _);
        aliases.Use("a/second/topic"u8.ToArray(), out _);

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(0, aliases.Use(System.Text.Encoding.UTF8.GetBytes($"a/new/topic/{i}"), out _));
        }

        Assert.Equal(1, aliases.Use("a/first/topic"u8.ToArray(), out bool isKnown));
        Assert.True(isKnown);
    }

    [Fact]
    public void Finding_an_alias_allocates_nothing()
    {
        ServerLimits limits = new() { Version = MqttVersion.V5, TopicAliasMaximum = 8 };
        OutgoingAliases aliases = OutgoingAliases.ForAcknowledged(limits);
        byte[][] topics = [.. Enumerable.Range(0, 10).Select(i => System.Text.Encoding.UTF8.GetBytes($"a/long/topic/{i}"))];

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            aliases.Use(topics[i % topics.Length], out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static ClientConnectionSettings Settings() => new() { ClientIdentifier = "c"u8.ToArray(), CleanStart = false, UsesTopicAliases = true };

    private static ClientConnectionScript Connected(string connAck = ConnAck) => ClientConnectionScript.Connected(connAck, Settings());

    private static OutgoingMessage Message(string topic) => new()
    {
        Topic = System.Text.Encoding.UTF8.GetBytes(topic),
        Payload = "x"u8.ToArray(),
        Qos = QualityOfService.AtLeastOnce,
    };
}
