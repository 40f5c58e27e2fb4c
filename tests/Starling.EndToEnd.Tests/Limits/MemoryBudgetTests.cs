using System.Globalization;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Processes;
using Starling.EndToEnd.Tests.Wire;

namespace Starling.EndToEnd.Tests.Limits;

/// <summary>At the memory budget publishers are held back and, after a while, refused; the broker lives on and drains.</summary>
public sealed class MemoryBudgetTests
{
    private const int QuotaExceeded = 0x97;
    private const int PayloadBytes = 256 * 1024;

    /// <summary>More than twice the budget.</summary>
    private const int Messages = 320;

    public static TheoryData<Level> Levels => [Level.V311, Level.V50];

    [Fact]
    public async Task A_held_publisher_of_5_0_is_answered_0x97()
    {
        await using BrokerProcess broker = await StartAsync();
        ConnectFields absent = await SubscribeAndLeaveAsync(broker, Level.V50);
        await using WireClient publisher = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(Level.V50));

        int taken = await PublishUntilRefusedAsync(publisher);

        Assert.InRange(taken, 1, Messages - 1);
        await SysReader.WaitAsync(broker.Port, SysReader.DroppedFor("held-too-long"), atLeast: 1);
        Assert.Equal(taken, await DrainAsync(broker, absent, taken));
        await publisher.PublishAsync(BigMessage(1), 1);
        Assert.NotEqual(QuotaExceeded, (await publisher.ExpectAsync(PacketKind.PubAck)).Reason);
    }

    [Fact]
    public async Task A_held_publisher_of_3_1_1_is_closed()
    {
        await using BrokerProcess broker = await StartAsync();
        ConnectFields absent = await SubscribeAndLeaveAsync(broker, Level.V311);
        await using WireClient publisher = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(Level.V311));

        int taken = await PublishUntilRefusedAsync(publisher);

        Assert.InRange(taken, 1, Messages - 1);
        Assert.Null(await publisher.ReadAsync());
        await BrokerLog.AssertLineAsync(broker, publisher.ClientIdentifier, "0x97");
        Assert.Equal(taken, await DrainAsync(broker, absent, taken));
        await using WireClient again = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(Level.V311));
        await again.PublishAsync(BigMessage(1), 1);
        await again.ExpectAsync(PacketKind.PubAck);
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_held_publisher_still_gets_its_PINGRESP_and_others_still_connect(Level level)
    {
        await using BrokerProcess broker = await StartAsync("60s");
        ConnectFields absent = await SubscribeAndLeaveAsync(broker, level);
        await using WireClient publisher = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        int taken = 0;
        for (bool held = false; !held; taken += held ? 0 : 1)
        {
            Assert.True(taken < Messages, "Nothing is held back.");
            await publisher.PublishAsync(BigMessage(taken), taken + 1);
            await publisher.SendAsync(PacketBytes.PingReq);
            ReceivedPacket? first = await publisher.ReadAsync();
            held = first?.Kind == PacketKind.PingResp; // the acknowledgement of a message that was taken comes first
            Assert.True(held || (await publisher.ReadAsync())?.Kind == PacketKind.PingResp);
        }

        await using WireClient other = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await other.PingAsync();

        // The held message is taken as soon as there is room.
        Assert.Equal(taken, await DrainAsync(broker, absent, taken));
        await publisher.ExpectAsync(PacketKind.PubAck);
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task Messages_of_QoS_0_above_the_budget_are_dropped_and_counted(Level level)
    {
        await using BrokerProcess broker = await StartAsync();
        await SubscribeAndLeaveAsync(broker, level);
        await using WireClient filler = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await PublishUntilRefusedAsync(filler);
        await using WireClient publisher = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));

        await publisher.PublishAsync(new Message("q", new byte[PayloadBytes]));
        await publisher.SendAsync(PacketBytes.Disconnect);

        Assert.Null(await publisher.ReadAsync());
        await SysReader.WaitAsync(broker.Port, SysReader.DroppedFor("held-too-long"), atLeast: 2);
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_system_in_which_every_client_publishes_and_subscribes_on_one_connection_drains(Level level)
    {
        const int Clients = 10;
        const int MessagesEach = 80;
        await using BrokerProcess broker = await StartAsync("60s");
        Task limitReached = broker.Log.WaitForAsync(
            line => line.Contains("Memory limit reached", StringComparison.Ordinal), "the memory limit", limit: Patience.Long);
        var clients = new WireClient[Clients];
        for (int index = 0; index < Clients; index++)
        {
            clients[index] = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
            Assert.Equal([1], await clients[index].SubscribeAsync(("all", 1)));
        }

        await Task.WhenAll(clients.Select(client => PublishAndReceiveAsync(client, MessagesEach, Clients * MessagesEach, limitReached)));

        await limitReached;
        foreach (WireClient client in clients)
        {
            await client.PingAsync();
            await client.DisposeAsync();
        }
    }

    /// <summary>
    /// Publishes one message after the other, and acknowledges what it receives only once the limit is reached: so its own PUBLISH is held
    /// while the acknowledgements that free the memory come behind it on the same connection.
    /// </summary>
    private static async Task PublishAndReceiveAsync(WireClient client, int publish, int receive, Task limitReached)
    {
        var open = new Queue<int>();
        int published = 0;
        int acknowledged = 0;
        int received = 0;
        Task<ReceivedPacket?>? read = null;
        while (acknowledged < publish || received < receive)
        {
            if (published == acknowledged && published < publish)
            {
                await client.PublishAsync(new Message("all", new byte[PayloadBytes / 4]) { Qos = 1 }, ++published);
            }

            while (limitReached.IsCompleted && open.TryDequeue(out int identifier))
            {
                await client.SendAsync(PacketBytes.Acknowledge(PacketKind.PubAck, identifier));
            }

            read ??= client.ReadAsync(Patience.Long);
            if (!limitReached.IsCompleted && await Task.WhenAny(read, limitReached) == limitReached)
            {
                await limitReached;
                continue;
            }

            ReceivedPacket? packet = await read;
            read = null;
            Assert.NotNull(packet);
            if (packet.Kind == PacketKind.PubAck)
            {
                Assert.InRange(packet.Reason, 0, 0x7F);
                acknowledged++;
            }
            else
            {
                Assert.Equal(PacketKind.Publish, packet.Kind);
                open.Enqueue(packet.Identifier);
                received++;
            }
        }

        while (open.TryDequeue(out int identifier))
        {
            await client.SendAsync(PacketBytes.Acknowledge(PacketKind.PubAck, identifier));
        }
    }

    private static Message BigMessage(int number)
    {
        byte[] payload = new byte[PayloadBytes];
        PacketBytes.Utf8(number.ToString(CultureInfo.InvariantCulture)).CopyTo(payload, 0);
        return new Message("q", payload) { Qos = 1 };
    }

    private static Task<BrokerProcess> StartAsync(string heldPublisherTimeout = "1s") => BrokerProcess.StartAsync(
        BrokerSettings.Default.WithFastSys()
            .With("Memory:Budget", "32MiB")
            .With("Limits:SessionQueueBytesMax", "1073741824")
            .With("Limits:HeldPublisherTimeout", heldPublisherTimeout));

    /// <summary>How many were acknowledged before the first refusal, or before the connection was closed.</summary>
    private static async Task<int> PublishUntilRefusedAsync(WireClient publisher)
    {
        for (int number = 0; number < Messages; number++)
        {
            await publisher.TrySendAsync(PacketBytes.Publish(publisher.Level, BigMessage(number), number + 1));
            ReceivedPacket? answer = await publisher.ReadAsync();
            if (answer is null || answer.Reason == QuotaExceeded)
            {
                return number;
            }

            Assert.Equal((PacketKind.PubAck, 0), (answer.Kind, answer.Reason));
        }

        return Messages;
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

    private static async Task<int> DrainAsync(BrokerProcess broker, ConnectFields fields, int count)
    {
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, fields);
        for (int number = 0; number < count; number++)
        {
            ReceivedPacket message = await client.ExpectAsync(PacketKind.Publish);
            Assert.Equal(number.ToString(CultureInfo.InvariantCulture), message.Text.TrimEnd('\0'));
            await client.SendAsync(PacketBytes.Acknowledge(PacketKind.PubAck, message.Identifier));
        }

        return count;
    }
}
