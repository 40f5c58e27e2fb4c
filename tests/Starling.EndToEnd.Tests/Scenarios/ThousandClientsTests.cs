using System.Globalization;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Scenarios;

/// <summary>A thousand clients at once: all connect, and each gets its own message.</summary>
public sealed class ThousandClientsTests(DefaultBroker broker) : IClassFixture<DefaultBroker>
{
    private const int Clients = 1000;
    private const int AtATime = 50;

    [Theory, InlineData(Level.V31), InlineData(Level.V311), InlineData(Level.V50)]
    public async Task Each_of_a_thousand_clients_gets_its_own_message(Level level)
    {
        string topic = ForeignClients.NewName("k/");
        var clients = new IForeignClient[Clients];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = TestContext.Current.CancellationToken };
        try
        {
            await Parallel.ForAsync(0, Clients, parallel, async (index, _) =>
            {
                clients[index] = new MqttNetClient();
                await clients[index].ConnectAsync(new ConnectSettings(broker.Port, level, ForeignClients.NewName("k-")));
                await clients[index].SubscribeAsync($"{topic}/{index}", 1);
            });
            await Parallel.ForAsync(0, Clients, parallel, async (index, _) =>
            {
                int neighbour = (index + 1) % Clients;
                string text = neighbour.ToString(CultureInfo.InvariantCulture);
                await clients[index].PublishAsync(Message.Of($"{topic}/{neighbour}", text, qos: 1));
            });

            for (int index = 0; index < Clients; index++)
            {
                Assert.Equal(index.ToString(CultureInfo.InvariantCulture), (await clients[index].ReceiveAsync()).Text);
            }
        }
        finally
        {
            foreach (IForeignClient? client in clients)
            {
                await (client?.DisposeAsync() ?? ValueTask.CompletedTask);
            }
        }
    }
}
