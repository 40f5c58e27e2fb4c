using System.Globalization;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Wire;

namespace Starling.EndToEnd.Tests.Limits;

/// <summary>A full session queue gives up messages by its policy, counts them, and holds back nobody.</summary>
public sealed class SessionQueueTests
{
    private const int QueueMessages = 10;
    private const int Published = 15;

    public static TheoryData<Level> Levels => [Level.V31, Level.V311, Level.V50];

    [Theory, MemberData(nameof(Levels))]
    public async Task DropNewest_keeps_what_was_stored_first(Level level)
    {
        await using BrokerProcess broker = await StartAsync("DropNewest");
        ConnectFields fields = await FillQueueAsync(broker, level);

        Assert.Equal(Numbers(0, QueueMessages), await ReadQueueAsync(broker, fields, QueueMessages));
        await AssertDroppedAsync(broker, Published - QueueMessages);
        await BrokerLog.AssertLineAsync(broker, fields.ClientIdentifier, "is full", "DropNewest");
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task DropOldest_keeps_what_was_stored_last(Level level)
    {
        await using BrokerProcess broker = await StartAsync("DropOldest");
        ConnectFields fields = await FillQueueAsync(broker, level);

        Assert.Equal(Numbers(Published - QueueMessages, QueueMessages), await ReadQueueAsync(broker, fields, QueueMessages));
        await AssertDroppedAsync(broker, Published - QueueMessages);
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task EndSession_ends_the_session_and_counts_its_messages(Level level)
    {
        await using BrokerProcess broker = await StartAsync("EndSession");
        ConnectFields fields = await FillQueueAsync(broker, level);

        (WireClient client, ReceivedPacket connAck) = await WireClient.ConnectFullyAsync(broker.Port, fields);
        await using WireClient opened = client;
        Assert.False(connAck.SessionPresent);
        await client.PingAsync();
        Assert.InRange(await SysReader.WaitAsync(broker.Port, SysReader.Dropped, atLeast: QueueMessages), QueueMessages, Published);
        await BrokerLog.AssertLineAsync(broker, fields.ClientIdentifier, "is full", "EndSession");
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task The_bytes_of_a_queue_are_limited_too(Level level)
    {
        BrokerSettings settings = BrokerSettings.Default.WithFastSys().With("Limits:SessionQueueBytesMax", "10000");
        await using BrokerProcess broker = await BrokerProcess.StartAsync(settings);
        ConnectFields fields = await SubscribeAndLeaveAsync(broker, level);
        await using WireClient publisher = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        for (int identifier = 1; identifier <= Published; identifier++)
        {
            await publisher.PublishAsync(new Message("q", new byte[1000]) { Qos = 1 }, identifier);
            await publisher.ExpectAsync(PacketKind.PubAck);
        }

        long dropped = await SysReader.WaitAsync(broker.Port, SysReader.DroppedFor("session-queue-full"), Published - QueueMessages);

        Assert.InRange(dropped, Published - QueueMessages, Published - 5);
        Assert.Equal(Published - (int)dropped, (await ReadQueueAsync(broker, fields, Published - (int)dropped)).Length);
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task One_absent_session_with_a_full_queue_holds_back_nobody(Level level)
    {
        const int Messages = 5000;
        await using BrokerProcess broker = await StartAsync("DropNewest");
        await SubscribeAndLeaveAsync(broker, level);
        await using WireClient subscriber = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await using WireClient publisher = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await subscriber.SubscribeAsync(("q", 0));

        Task published = PublishAllAsync(publisher, Messages);
        for (int number = 0; number < Messages; number++)
        {
            Assert.Equal(number.ToString(CultureInfo.InvariantCulture), (await subscriber.ExpectAsync(PacketKind.Publish)).Text);
        }

        await published;
        await AssertDroppedAsync(broker, Messages - QueueMessages);
    }

    private static async Task AssertDroppedAsync(BrokerProcess broker, int count) =>
        Assert.Equal(count, await SysReader.WaitAsync(broker.Port, SysReader.DroppedFor("session-queue-full"), atLeast: count));

    private static string[] Numbers(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    private static async Task PublishAllAsync(WireClient publisher, int messages)
    {
        const int Batch = 100; // as many as may be open at a time
        for (int start = 0; start < messages; start += Batch)
        {
            byte[] batch =
            [
                .. Enumerable.Range(start, Batch).SelectMany(number => PacketBytes.Publish(
                    publisher.Level, Message.Of("q", number.ToString(CultureInfo.InvariantCulture), qos: 1), number + 1)),
            ];
            await publisher.SendAsync(batch);
            for (int acknowledged = 0; acknowledged < Batch; acknowledged++)
            {
                await publisher.ExpectAsync(PacketKind.PubAck);
            }
        }
    }

    private static Task<BrokerProcess> StartAsync(string policy)
    {
        BrokerProcess.SkipForMosquitto(policy != "DropNewest", "mosquitto knows only one policy.");
        BrokerSettings settings = BrokerSettings.Default.WithFastSys()
            .With("Limits:SessionQueueMessagesMax", QueueMessages.ToString(CultureInfo.InvariantCulture));
        bool hasPolicies = BrokerProcess.Kind == BrokerKind.Starling;
        return BrokerProcess.StartAsync(hasPolicies ? settings.With("Limits:SessionQueueFull", policy) : settings);
    }

    private static async Task<ConnectFields> SubscribeAndLeaveAsync(BrokerProcess broker, Level level)
    {
        ConnectFields fields = ConnectFields.New(level).Persistent();
        await using WireClient absent = await WireClient.ConnectAsync(broker.Port, fields);
        await absent.SubscribeAsync(("q", 1));
        await absent.SendAsync(PacketBytes.Disconnect);
        Assert.Null(await absent.ReadAsync());
        return fields;
    }

    private static async Task<ConnectFields> FillQueueAsync(BrokerProcess broker, Level level)
    {
        ConnectFields fields = await SubscribeAndLeaveAsync(broker, level);
        await using WireClient publisher = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        for (int number = 0; number < Published; number++)
        {
            await publisher.PublishAsync(Message.Of("q", number.ToString(CultureInfo.InvariantCulture), qos: 1), number + 1);
            Assert.InRange((await publisher.ExpectAsync(PacketKind.PubAck)).Reason, 0, 0x10); // 0x10: the session has ended meanwhile
        }

        return fields;
    }

    private static async Task<string[]> ReadQueueAsync(BrokerProcess broker, ConnectFields fields, int count)
    {
        (WireClient client, ReceivedPacket connAck) = await WireClient.ConnectFullyAsync(broker.Port, fields);
        await using WireClient opened = client;
        Assert.Equal(fields.Level != Level.V31, connAck.SessionPresent);
        var texts = new List<string>();
        while (texts.Count < count)
        {
            ReceivedPacket message = await client.ExpectAsync(PacketKind.Publish);
            await client.SendAsync(PacketBytes.Acknowledge(PacketKind.PubAck, message.Identifier));
            texts.Add(message.Text);
        }

        await client.PingAsync(); // nothing more is queued
        return [.. texts];
    }
}
