using System.Globalization;
using System.Text;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Scenarios;

/// <summary>Ten thousand numbered messages: none lost, none doubled, in order.</summary>
public sealed class OrderTests(DefaultBroker broker) : IClassFixture<DefaultBroker>
{
    private const int Messages = 10_000;

    public static TheoryData<Level, int> LevelsAndQos => new MatrixTheoryData<Level, int>([Level.V311, Level.V50], [0, 1, 2]);

    [Theory, MemberData(nameof(LevelsAndQos))]
    public async Task From_mosquitto_pub_to_every_other_client(Level level, int qos)
    {
        BrokerProcess.SkipForMosquitto(
            (level, qos) == (Level.V50, 2), "mosquitto 2.0.11 exceeds mosquitto_sub's Receive Maximum at QoS 2.");
        string topic = ForeignClients.NewName("ord/");
        await using IForeignClient command = await SubscribeAsync(ForeignClient.Mosquitto, level, topic, qos);
        await using IForeignClient paho = await SubscribeAsync(ForeignClient.Paho, level, topic, qos);
        await using IForeignClient script = await SubscribeAsync(ForeignClient.MqttJs, level, topic, qos);
        await using IForeignClient net = await SubscribeAsync(ForeignClient.MqttNet, level, topic, qos);

        await using ChildProcess publisher = ChildProcess.Start(
            Tool.Require("mosquitto_pub", "mosquitto-clients"),
            [
                "-h", "127.0.0.1", "-p", broker.Port.ToString(CultureInfo.InvariantCulture),
                "-V", level == Level.V50 ? "mqttv5" : "mqttv311", "-q", qos.ToString(CultureInfo.InvariantCulture), "-t", topic, "-l",
            ]);
        await publisher.WriteAndCloseInputAsync(Encoding.ASCII.GetBytes(string.Join('\n', Enumerable.Range(0, Messages)) + "\n"));

        await Task.WhenAll(((IForeignClient[])[command, paho, script, net]).Select(AssertAllInOrderAsync));
        Assert.Equal(0, await publisher.WaitForExitAsync());
    }

    [Theory, MemberData(nameof(LevelsAndQos))]
    public async Task From_MQTTnet_to_MQTTnet(Level level, int qos)
    {
        string topic = ForeignClients.NewName("ord/");
        await using IForeignClient subscriber = await SubscribeAsync(ForeignClient.MqttNet, level, topic, qos);
        await using IForeignClient publisher = await ForeignClients.ConnectAsync(
            ForeignClient.MqttNet, new ConnectSettings(broker.Port, level, ForeignClients.NewName("op-")));

        // MQTTnet writes the PUBLISH before it gives the task back, so the order of the calls is the order on the wire. Its PUBREL
        // packets keep no order between each other, so at QoS 2 one message follows the other.
        int window = qos == 2 ? 1 : 100;
        var underWay = new Queue<Task>();
        for (int number = 0; number < Messages; number++)
        {
            if (underWay.Count == window)
            {
                await underWay.Dequeue();
            }

            underWay.Enqueue(publisher.PublishAsync(Message.Of(topic, number.ToString(CultureInfo.InvariantCulture), qos)));
        }

        await Task.WhenAll(underWay);
        await AssertAllInOrderAsync(subscriber);
    }

    /// <summary>At QoS 1 a message may come twice after a loss of connection; here nothing is lost, so nothing is doubled.</summary>
    private static async Task AssertAllInOrderAsync(IForeignClient subscriber)
    {
        for (int number = 0; number < Messages; number++)
        {
            Message message = await subscriber.ReceiveAsync(Patience.Long);
            if (message.Text != number.ToString(CultureInfo.InvariantCulture))
            {
                Assert.Fail($"Number {number} was due, {message.Text} came.");
            }
        }
    }

    private async Task<IForeignClient> SubscribeAsync(ForeignClient kind, Level level, string topic, int qos)
    {
        var settings = new ConnectSettings(broker.Port, level, ForeignClients.NewName("os-"));
        IForeignClient client = await ForeignClients.ConnectAsync(kind, settings);
        await client.SubscribeAsync(topic, qos);
        return client;
    }
}
