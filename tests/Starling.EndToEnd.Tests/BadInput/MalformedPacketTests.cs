using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Wire;

namespace Starling.EndToEnd.Tests.BadInput;

/// <summary>A broken packet ends its connection with the right reason and one line in the log; nothing else notices.</summary>
public sealed class MalformedPacketTests(BrokerWithWitness broker) : IClassFixture<BrokerWithWitness>
{
    public static TheoryData<BadPacket> AfterConnect =>
    [
        .. BadPackets.AfterConnect(Level.V311), .. BadPackets.AfterConnectOf3x(Level.V311),
        .. BadPackets.AfterConnect(Level.V50), .. BadPackets.AfterConnectOf50(),
    ];

    public static TheoryData<BadPacket> InsteadOfConnect =>
        [.. BadPackets.InsteadOfConnect(Level.V31), .. BadPackets.InsteadOfConnect(Level.V311), .. BadPackets.InsteadOfConnect(Level.V50)];

    [Theory, MemberData(nameof(AfterConnect))]
    public async Task A_broken_packet_ends_its_connection_and_nothing_else_notices(BadPacket bad)
    {
        await using WireClient client = await WireClient.ConnectAsync(broker.Process.Port, ConnectFields.New(bad.Level));

        await client.TrySendAsync(bad.Bytes);

        if (BrokerProcess.Kind == BrokerKind.Mosquitto)
        {
            await AssertMosquittoEndsItAsync(client, bad);
            return;
        }

        await client.AssertEndedAsync(bad.Reason);
        await BrokerLog.AssertOneViolationAsync(broker.Process, client.ClientIdentifier, bad.Level == Level.V50 ? bad.Reason : null);
        await broker.AssertWitnessesAreWellAsync();
    }

    [Theory, MemberData(nameof(InsteadOfConnect))]
    public async Task What_is_no_CONNECT_ends_its_connection_and_nothing_else_notices(BadPacket bad)
    {
        await using WireClient client = await WireClient.OpenAsync(broker.Process.Port, bad.Level);

        await client.TrySendAsync(bad.Bytes);

        ReceivedPacket? answer = await client.ReadAsync();
        if (answer is not null)
        {
            Assert.True(bad.Level == Level.V50 || bad.Reason == 0x84, $"{answer} came instead of the end of the connection.");
            Assert.Equal((PacketKind.ConnAck, bad.Level == Level.V50 ? bad.Reason : 1), (answer.Kind, answer.Reason));
            Assert.Null(await client.ReadAsync());
        }

        if (BrokerProcess.Kind == BrokerKind.Starling)
        {
            await BrokerLog.AssertOneViolationAsync(broker.Process, client.LocalAddress, reason: null);
        }

        await broker.AssertWitnessesAreWellAsync();
    }

    [Theory, InlineData(6), InlineData(0), InlineData(255)]
    public async Task An_unknown_protocol_level_is_refused_in_the_form_of_its_family(int level)
    {
        byte[] connect = PacketBytes.Connect(ConnectFields.New(Level.V311));
        connect[connect.AsSpan().IndexOf("MQTT"u8) + 4] = (byte)level;
        await using WireClient client = await WireClient.OpenAsync(broker.Process.Port, level > 5 ? Level.V50 : Level.V311);
        BrokerProcess.SkipForMosquitto(level > 5, "mosquitto answers in the form of 3.1.1.");

        await client.SendAsync(connect);

        Assert.Equal(level > 5 ? 0x84 : 1, (await client.ExpectAsync(PacketKind.ConnAck)).Reason);
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task A_packet_may_come_byte_by_byte()
    {
        await using WireClient client = await WireClient.ConnectAsync(broker.Process.Port, ConnectFields.New(Level.V50));
        await client.SubscribeAsync(("slow", 0));

        foreach (byte one in PacketBytes.Publish(Level.V50, Message.Of("slow", "text")))
        {
            await client.SendAsync(one);
        }

        Assert.Equal("text", (await client.ExpectAsync(PacketKind.Publish)).Text);
    }

    /// <summary>mosquitto shows that the packets are broken: it closes, not always with the same reason; it tolerates a few.</summary>
    private static async Task AssertMosquittoEndsItAsync(WireClient client, BadPacket bad)
    {
        string[] tolerated =
        [
            "PUBLISH of QoS 0 with DUP", "PINGREQ with a body", "PUBACK with more than an identifier", "DISCONNECT with a body",
            "a Remaining Length not in its shortest form", "PUBLISH with a response topic with wildcards",
            "DISCONNECT with an unknown reason code", "SUBACK from a client", "PINGRESP from a client",
            "PUBLISH with payload format 2", "PUBLISH with a subscription identifier", "SUBSCRIBE with No Local on a shared filter",
        ];
        Assert.SkipWhen(tolerated.Contains(bad.Name), "mosquitto 2.0.11 tolerates it.");
        if (bad.Level == Level.V50 && await client.ReadAsync() is { } packet)
        {
            Assert.Equal(PacketKind.Disconnect, packet.Kind);
        }

        Assert.Null(await client.ReadAsync());
    }
}
