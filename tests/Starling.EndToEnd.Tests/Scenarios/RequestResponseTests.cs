using System.Globalization;
using System.Text;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Scenarios;

/// <summary>Request and response of 5.0: the response topic, the correlation data and user properties travel both ways.</summary>
public sealed class RequestResponseTests(DefaultBroker broker) : IClassFixture<DefaultBroker>
{
    public static TheoryData<ForeignClient> Responders => [ForeignClient.Paho, ForeignClient.MqttJs, ForeignClient.MqttNet];

    [Theory, MemberData(nameof(Responders))]
    public async Task Mosquitto_rr_gets_the_answer_of_any_client(ForeignClient kind)
    {
        string topic = ForeignClients.NewName("rr/");
        await using IForeignClient responder = await ConnectAsync(kind);
        await responder.SubscribeAsync(topic, 1);
        await using ChildProcess requester = ChildProcess.Start(
            Tool.Require("mosquitto_rr", "mosquitto-clients"),
            [
                "-h", "127.0.0.1", "-p", broker.Port.ToString(CultureInfo.InvariantCulture), "-V", "mqttv5", "-q", "1",
                "-t", topic, "-e", topic + "/answer", "-m", "six times seven", "-W", "15",
                "-D", "publish", "user-property", "unit", "none", "-D", "publish", "correlation-data", "q-42", "-F", "%p|%D|%P",
            ]);

        Message request = await responder.ReceiveAsync();
        Assert.Equal(("six times seven", topic + "/answer"), (request.Text, request.ResponseTopic));
        Assert.Equal("q-42", Encoding.ASCII.GetString(request.CorrelationData ?? []));
        Assert.Equal([new("unit", "none")], request.UserProperties);
        await responder.PublishAsync(Message.Of(request.ResponseTopic ?? "", "42", qos: 1) with
        {
            CorrelationData = request.CorrelationData,
            UserProperties = request.UserProperties,
        });

        Assert.Equal(0, await requester.WaitForExitAsync());
        Assert.Equal("42|q-42|unit:none", Assert.Single(requester.Output.Snapshot()));
    }

    [Theory, MemberData(nameof(Responders))]
    public async Task Each_requester_gets_its_own_answer(ForeignClient kind)
    {
        string topic = ForeignClients.NewName("rq/");
        await using IForeignClient responder = await ConnectAsync(ForeignClient.MqttNet);
        await using IForeignClient first = await ConnectAsync(kind);
        await using IForeignClient second = await ConnectAsync(kind);
        await responder.SubscribeAsync(topic + "/ask", 1);
        await first.SubscribeAsync(topic + "/to/1", 1);
        await second.SubscribeAsync(topic + "/to/2", 1);

        await first.PublishAsync(Request(topic, "1"));
        await second.PublishAsync(Request(topic, "2"));
        for (int answered = 0; answered < 2; answered++)
        {
            Message request = await responder.ReceiveAsync();
            await responder.PublishAsync(Message.Of(request.ResponseTopic ?? "", "re " + request.Text, qos: 1) with
            {
                CorrelationData = request.CorrelationData,
            });
        }

        await AssertAnswerAsync(first, "1");
        await AssertAnswerAsync(second, "2");
    }

    // Correlation data is binary: zero bytes and bytes that are not UTF-8 stay as they are.
    private static byte[] Correlation(string number) => [0, 0xff, 0xfe, (byte)number[0], 0];

    private static Message Request(string topic, string number) => Message.Of(topic + "/ask", number, qos: 1) with
    {
        ResponseTopic = $"{topic}/to/{number}",
        CorrelationData = Correlation(number),
    };

    private static async Task AssertAnswerAsync(IForeignClient client, string number)
    {
        Message answer = await client.ReceiveAsync();
        Assert.Equal("re " + number, answer.Text);
        Assert.Equal(Correlation(number), answer.CorrelationData);
    }

    private Task<IForeignClient> ConnectAsync(ForeignClient kind) =>
        ForeignClients.ConnectAsync(kind, new ConnectSettings(broker.Port, Level.V50, ForeignClients.NewName("rr-")));
}
