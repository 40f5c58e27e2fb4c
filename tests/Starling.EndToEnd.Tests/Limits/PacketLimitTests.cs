using System.Globalization;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Wire;

namespace Starling.EndToEnd.Tests.Limits;

/// <summary>Limits on single packets: PacketBytesMax, TopicAliasMaximum, TopicLevelsMax.</summary>
public sealed class PacketLimitTests
{
    private const int PacketTooLarge = 0x95;
    private const int TopicAliasInvalid = 0x94;
    private const int TopicNameInvalid = 0x90;
    private const int TopicFilterInvalid = 0x8F;
    private const int PacketBytesMax = 4096;

    public static TheoryData<Level> Levels => [Level.V31, Level.V311, Level.V50];

    [Fact]
    public async Task The_largest_packet_is_announced()
    {
        await using BrokerProcess broker = await StartAsync("PacketBytesMax", PacketBytesMax);
        (WireClient client, ReceivedPacket connAck) = await WireClient.ConnectFullyAsync(broker.Port, ConnectFields.New(Level.V50));
        await using WireClient opened = client;

        Assert.Equal(PacketBytesMax, connAck.Number(Property.MaximumPacketBytesId));
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_packet_of_just_the_largest_size_is_taken(Level level)
    {
        await using BrokerProcess broker = await StartAsync("PacketBytesMax", PacketBytesMax);
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await client.SubscribeAsync(("t", 0));

        await client.SendAsync(PublishOfBytes(level, PacketBytesMax));

        Assert.Equal(PacketKind.Publish, (await client.ExpectAsync(PacketKind.Publish)).Kind);
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_larger_packet_ends_the_connection_with_0x95(Level level)
    {
        await using BrokerProcess broker = await StartAsync("PacketBytesMax", PacketBytesMax);
        await using WireClient other = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));

        int tooMany = BrokerProcess.Kind == BrokerKind.Mosquitto ? 10 : 1; // mosquitto does not count the fixed header
        await client.TrySendAsync(PublishOfBytes(level, PacketBytesMax + tooMany));

        await client.AssertEndedAsync(PacketTooLarge);
        await BrokerLog.AssertOneViolationAsync(broker, client.ClientIdentifier, PacketTooLarge);
        await other.PingAsync();
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task The_announced_length_alone_is_enough_to_end_it(Level level)
    {
        await using BrokerProcess broker = await StartAsync("PacketBytesMax", PacketBytesMax);
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));

        await client.TrySendAsync(0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0);

        await client.AssertEndedAsync(PacketTooLarge);
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_message_larger_than_the_receiver_takes_is_not_sent_to_it_and_counted(Level level)
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerSettings.Default.WithFastSys());
        ConnectFields small = ConnectFields.New(Level.V50) with { Properties = Property.MaximumPacketBytes(200) };
        await using WireClient receiver = await WireClient.ConnectAsync(broker.Port, small);
        await using WireClient publisher = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await receiver.SubscribeAsync(("t", 1));

        await publisher.SendAsync(PublishOfBytes(level, 500));
        await publisher.SendAsync(PublishOfBytes(level, 50));
        await publisher.PingAsync();

        Assert.InRange((await receiver.ExpectAsync(PacketKind.Publish)).ByteCount, 1, 100);
        if (BrokerProcess.Kind == BrokerKind.Starling)
        {
            Assert.Equal(1, await SysReader.WaitAsync(broker.Port, SysReader.DroppedFor("packet-too-large"), atLeast: 1));
        }
    }

    [Theory, InlineData(3), InlineData(0)]
    public async Task The_alias_maximum_is_announced_and_an_alias_above_it_ends_the_connection_with_0x94(int maximum)
    {
        await using BrokerProcess broker = await StartAsync("TopicAliasMaximum", maximum);
        (WireClient client, ReceivedPacket connAck) = await WireClient.ConnectFullyAsync(broker.Port, ConnectFields.New(Level.V50));
        await using WireClient opened = client;

        Assert.Equal(maximum, connAck.Number(Property.TopicAliasMaximumId) ?? 0);
        for (int alias = 1; alias <= maximum; alias++)
        {
            await client.PublishAsync(Message.Of("t", "fits"), 0, Property.TopicAlias(alias));
        }

        await client.PingAsync();
        await client.PublishAsync(Message.Of("t", "too high"), 0, Property.TopicAlias(maximum + 1));

        await client.AssertEndedAsync(TopicAliasInvalid);
        await BrokerLog.AssertOneViolationAsync(broker, client.ClientIdentifier, TopicAliasInvalid);
    }

    [Fact]
    public async Task The_broker_keeps_to_the_alias_maximum_of_the_client()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        ConnectFields fields = ConnectFields.New(Level.V50) with { Properties = Property.TopicAliasMaximum(2) };
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, fields);
        await client.SubscribeAsync(("alias/#", 0));

        for (int number = 0; number < 20; number++)
        {
            await client.PublishAsync(Message.Of($"alias/{number % 5}", "text"));
            Assert.InRange((await client.ExpectAsync(PacketKind.Publish)).Number(Property.TopicAliasId) ?? 0, 0, 2);
        }
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_topic_with_too_many_levels_is_refused_with_0x90(Level level)
    {
        await using BrokerProcess broker = await StartAsync("TopicLevelsMax", 5);
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await client.SubscribeAsync(("#", 0));
        await client.PublishAsync(Message.Of("1/2/3/4/5", "fits"));
        await client.ExpectAsync(PacketKind.Publish);

        await client.PublishAsync(Message.Of("1/2/3/4/5/6", "too deep", qos: 1), identifier: 1);

        ReceivedPacket? answer = await client.ReadAsync();
        Assert.Equal(level == Level.V50 ? TopicNameInvalid : -1, answer?.Reason ?? -1);
        await BrokerLog.AssertLineAsync(broker, client.ClientIdentifier, "TopicLevelsMax");
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_filter_with_too_many_levels_is_refused(Level level)
    {
        await using BrokerProcess broker = await StartAsync("TopicLevelsMax", 5);
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));

        await client.AssertLastIsRefusedAsync(TopicFilterInvalid, [0], ("1/2/3/4/5", 0), ("1/2/3/4/5/#", 0));
    }

    private static Task<BrokerProcess> StartAsync(string key, int value) =>
        BrokerProcess.StartAsync(BrokerSettings.Default.With("Limits:" + key, value.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A PUBLISH of QoS 0 to topic t that has this many bytes in all.</summary>
    private static byte[] PublishOfBytes(Level level, int byteCount)
    {
        int emptyBytes = PacketBytes.Publish(level, new Message("t", [])).Length;
        byte[] packet = PacketBytes.Publish(level, new Message("t", new byte[byteCount - emptyBytes - (byteCount > 129 ? 1 : 0)]));
        Assert.Equal(byteCount, packet.Length);
        return packet;
    }
}
