using System.Globalization;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Wire;

namespace Starling.EndToEnd.Tests.Limits;

/// <summary>Limits on what is under way: ReceiveMaximum in and out, OutgoingWindow3x.</summary>
public sealed class FlowLimitTests
{
    private const int ReceiveMaximumExceeded = 0x93;
    private const int Window = 4;

    public static TheoryData<Level> Levels3x => [Level.V31, Level.V311];

    [Fact]
    public async Task The_receive_maximum_is_announced_and_a_client_above_it_is_ended_with_0x93()
    {
        BrokerProcess.RequireStarling("mosquitto answers 0x97 and stays connected.");
        await using BrokerProcess broker = await StartAsync("ReceiveMaximum");
        (WireClient client, ReceivedPacket connAck) = await WireClient.ConnectFullyAsync(broker.Port, ConnectFields.New(Level.V50));
        await using WireClient opened = client;
        Assert.Equal(Window, connAck.Number(Property.ReceiveMaximumId));

        for (int identifier = 1; identifier <= Window; identifier++)
        {
            await client.PublishAsync(Message.Of("t", "open", qos: 2), identifier);
            await client.ExpectAsync(PacketKind.PubRec);
        }

        await client.PublishAsync(Message.Of("t", "one too many", qos: 2), Window + 1);

        await client.AssertEndedAsync(ReceiveMaximumExceeded);
        await BrokerLog.AssertOneViolationAsync(broker, client.ClientIdentifier, ReceiveMaximumExceeded);
    }

    [Fact]
    public async Task A_finished_exchange_makes_room_for_the_next()
    {
        await using BrokerProcess broker = await StartAsync("ReceiveMaximum");
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(Level.V50));

        for (int identifier = 1; identifier <= 5 * Window; identifier++)
        {
            await client.PublishAsync(Message.Of("t", "open", qos: 2), identifier);
            await client.ExpectAsync(PacketKind.PubRec);
            if (identifier >= Window)
            {
                await client.SendAsync(PacketBytes.Acknowledge(PacketKind.PubRel, identifier - Window + 1));
                await client.ExpectAsync(PacketKind.PubComp);
            }
        }
    }

    [Theory, MemberData(nameof(Levels3x))]
    public async Task A_3x_client_with_more_under_way_loses_nothing_and_stays_connected(Level level)
    {
        const int Open = 3000;
        BrokerProcess.RequireStarling("mosquitto closes such a connection.");
        await using BrokerProcess broker = await StartAsync("ReceiveMaximum");
        await using WireClient subscriber = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await subscriber.SubscribeAsync(("open", 0));
        byte[] everything = [.. Enumerable.Range(1, Open).SelectMany(n => PacketBytes.Publish(level, Message.Of("open", "x", qos: 2), n))];

        await client.SendAsync(everything);
        for (int completed = 0; completed < Open;)
        {
            ReceivedPacket? packet = await client.ReadAsync();
            Assert.NotNull(packet);
            if (packet.Kind == PacketKind.PubRec)
            {
                await client.SendAsync(PacketBytes.Acknowledge(PacketKind.PubRel, packet.Identifier));
            }
            else
            {
                Assert.Equal(PacketKind.PubComp, packet.Kind);
                completed++;
            }
        }

        for (int received = 0; received < Open; received++)
        {
            await subscriber.ExpectAsync(PacketKind.Publish);
        }
    }

    [Theory, MemberData(nameof(Levels3x))]
    public async Task The_outgoing_window_of_3x_waits_for_acknowledgements(Level level)
    {
        await using BrokerProcess broker = await StartAsync("OutgoingWindow3x");
        await AssertWindowWaitsAsync(broker, ConnectFields.New(level));
    }

    [Fact]
    public async Task The_receive_maximum_of_a_client_waits_for_acknowledgements()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        await AssertWindowWaitsAsync(broker, ConnectFields.New(Level.V50) with { Properties = Property.ReceiveMaximum(Window) });
    }

    private static async Task AssertWindowWaitsAsync(BrokerProcess broker, ConnectFields fields)
    {
        await using WireClient receiver = await WireClient.ConnectAsync(broker.Port, fields);
        await using WireClient publisher = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(Level.V311));
        await receiver.SubscribeAsync(("t", 1));
        for (int number = 1; number <= 2 * Window; number++)
        {
            await publisher.PublishAsync(Message.Of("t", number.ToString(CultureInfo.InvariantCulture), qos: 1), number);
            await publisher.ExpectAsync(PacketKind.PubAck);
        }

        var open = new Queue<int>();
        for (int number = 1; number <= Window; number++)
        {
            open.Enqueue((await receiver.ExpectAsync(PacketKind.Publish)).Identifier);
        }

        await receiver.PingAsync(); // nothing comes before PINGRESP: the window is full
        for (int number = Window + 1; number <= 2 * Window; number++)
        {
            await receiver.SendAsync(PacketBytes.Acknowledge(PacketKind.PubAck, open.Dequeue()));
            ReceivedPacket next = await receiver.ExpectAsync(PacketKind.Publish);
            Assert.Equal(number.ToString(CultureInfo.InvariantCulture), next.Text);
            open.Enqueue(next.Identifier);
        }
    }

    private static Task<BrokerProcess> StartAsync(string key) =>
        BrokerProcess.StartAsync(BrokerSettings.Default.With("Limits:" + key, Window.ToString(CultureInfo.InvariantCulture)));
}
