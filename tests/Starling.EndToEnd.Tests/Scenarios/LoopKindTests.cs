using System.Globalization;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Scenarios;

/// <summary>The main scenarios under each event loop, alone and with a second one beside it.</summary>
public sealed class LoopKindTests
{
    private const int Clients = 20;
    private const int Messages = 100;

    public static TheoryData<string, int, Level> Shapes =>
        new MatrixTheoryData<string, int, Level>(["epoll", "portable"], [1, 2], [Level.V311, Level.V50]);

    [Theory, MemberData(nameof(Shapes))]
    public async Task Every_client_gets_the_messages_of_every_other_in_order(string loopKind, int loops, Level level)
    {
        await using BrokerProcess broker = await StartAsync(loopKind, loops);
        var clients = new IForeignClient[Clients];
        for (int index = 0; index < Clients; index++)
        {
            clients[index] = await ConnectAsync(broker, level);
            await clients[index].SubscribeAsync($"to/{index}", index % 3);
        }

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async index =>
        {
            for (int number = 0; number < Messages; number++)
            {
                string target = $"to/{(index + 1) % Clients}";
                await clients[index].PublishAsync(Message.Of(target, number.ToString(CultureInfo.InvariantCulture), index % 3));
            }
        }));

        foreach (IForeignClient client in clients)
        {
            for (int number = 0; number < Messages; number++)
            {
                Assert.Equal(number.ToString(CultureInfo.InvariantCulture), (await client.ReceiveAsync()).Text);
            }

            await client.DisposeAsync();
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public async Task One_MiB_retained_will_and_an_offline_queue(string loopKind, int loops, Level level)
    {
        await using BrokerProcess broker = await StartAsync(loopKind, loops);
        ConnectSettings persistent = new ConnectSettings(broker.Port, level, ForeignClients.NewName("lk-")).Persistent();
        await using (IForeignClient absent = await ForeignClients.ConnectAsync(ForeignClient.MqttNet, persistent))
        {
            await absent.SubscribeAsync("all/#", 2);
            await absent.DisconnectAsync();
        }

        await using IForeignClient publisher = await ConnectAsync(broker, level);
        byte[] large = new byte[1 << 20];
        new Random(1).NextBytes(large);
        await publisher.PublishAsync(new Message("all/large", large) { Qos = 2, Retain = true });
        IForeignClient dying = await ForeignClients.ConnectAsync(
            ForeignClient.MqttNet,
            new ConnectSettings(broker.Port, level, ForeignClients.NewName("lk-")) { Will = Message.Of("all/will", "gone", qos: 1) });
        await using IForeignClient observer = await ConnectAsync(broker, level);
        await observer.SubscribeAsync("all/#", 2);
        Message retained = await observer.ReceiveAsync();
        await dying.AbortAsync();

        Assert.True(retained.Retain && large.AsSpan().SequenceEqual(retained.Payload));
        Assert.Equal("gone", (await observer.ReceiveAsync()).Text);
        await using IForeignClient back = await ForeignClients.ConnectAsync(ForeignClient.MqttNet, persistent);
        Message[] queued = [await back.ReceiveAsync(), await back.ReceiveAsync()];
        Assert.Equal(["all/large", "all/will"], queued.Select(message => message.Topic).Order());
    }

    private static Task<BrokerProcess> StartAsync(string loopKind, int loops)
    {
        BrokerProcess.SkipForMosquitto((loopKind, loops) != ("epoll", 1), "mosquitto has one kind of loop.");
        BrokerSettings settings = BrokerSettings.Default;
        return BrokerProcess.StartAsync(BrokerProcess.Kind == BrokerKind.Mosquitto
            ? settings
            : settings.With("LoopKind", loopKind).With("Loops", loops.ToString(CultureInfo.InvariantCulture)));
    }

    private static Task<IForeignClient> ConnectAsync(BrokerProcess broker, Level level) =>
        ForeignClients.ConnectAsync(ForeignClient.MqttNet, new ConnectSettings(broker.Port, level, ForeignClients.NewName("lk-")));
}
