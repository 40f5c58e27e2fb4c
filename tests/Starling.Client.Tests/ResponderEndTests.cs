using Starling.Protocol;

namespace Starling.Client.Tests;

/// <summary>How responders end, against the real broker in memory.</summary>
public sealed class ResponderEndTests
{
    private static readonly RequestOptions Patient = new() { Timeout = Patience.Limit };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handler_may_dispose_its_responder()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await ConnectAsync(broker, "client");
        TaskCompletionSource<IAsyncDisposable> itself = new();
        IAsyncDisposable responder = await client.RespondAsync<int, int>(
            "once",
            async (request, _) =>
            {
                await (await itself.Task).DisposeAsync();
                return request.Value;
            },
            ct: Stop);
        itself.SetResult(responder);

        Assert.Equal(5, (await client.RequestAsync<int, int>("once", 5, Patient, Stop).Bounded()).Value);

        await responder.DisposeAsync().AsTask().Bounded();
        await Assert.ThrowsAsync<MqttNoResponderException>(() => client.RequestAsync<int, int>("once", 6, Patient, Stop).Bounded());
    }

    [Fact]
    public async Task A_request_that_no_handler_has_begun_with_is_answered_when_the_responder_ends()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await ConnectAsync(broker, "client");
        await using MqttClient server = await ConnectAsync(broker, "server");
        await using MqttSubscription answers = await client.SubscribeAsync("answers", ct: Stop);
        await using MqttSubscription marks = await server.SubscribeAsync("mark", ct: Stop);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IAsyncDisposable responder = await server.RespondAsync<int, int>(
            "slow",
            async (request, _) =>
            {
                await go.Task;
                return request.Value;
            },
            new RespondOptions { MaxConcurrency = 1 },
            Stop);
        foreach (string payload in (string[])["1", "2", "3"])
        {
            await client.PublishAsync(Message("slow", payload) with { ResponseTopic = "answers", CorrelationData = Payload(payload) }, Stop).Bounded();
        }

        // It comes behind the requests, so they are there when it is.
        await client.PublishAsync(Message("mark", "x"), Stop).Bounded();
        await marks.ReadAsync(Stop).Bounded();

        Task disposed = responder.DisposeAsync().AsTask();
        go.SetResult();
        await disposed.Bounded();

        List<string> told = [];
        for (int i = 0; i < 3; i++)
        {
            MqttMessage answer = (await answers.ReadAsync(Stop).Bounded()).Message;
            told.Add($"{Text(answer.CorrelationData)} {Text(answer.Payload)}{answer.UserProperties["starling-failure"]}");
        }

        Assert.Equal(["1 1", "2 The responder has stopped.", "3 The responder has stopped."], told);
    }

    [Fact]
    public async Task A_request_whose_handler_breaks_off_with_its_responder_is_answered_too()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await ConnectAsync(broker, "client");
        await using MqttClient server = await ConnectAsync(broker, "server");
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IAsyncDisposable responder = await server.RespondAsync<int, int>(
            "slow",
            async (request, stop) =>
            {
                begun.SetResult();
                await new TaskCompletionSource().Task.WaitAsync(stop);
                return request.Value;
            },
            ct: Stop);

        Task<MqttDelivery<int>> reply = client.RequestAsync<int, int>("slow", 1, Patient, Stop).AsTask();
        await begun.Task.Bounded();
        await responder.DisposeAsync().AsTask().Bounded();

        await Assert.ThrowsAsync<MqttRequestFailedException>(() => reply.Bounded());
    }

    private static byte[] Payload(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes.Span);

    private static MqttMessage Message(string topic, string payload) =>
        new() { Topic = topic, Payload = Payload(payload), Qos = QualityOfService.AtLeastOnce, ContentType = "application/json" };

    private static async Task<MqttClient> ConnectAsync(MqttTestBroker broker, string clientId)
    {
        MqttClientOptions options = broker.CreateClientOptions(clientId);
        options.Serializers.Add(MqttJson.For(AppJson.Default));
        return await MqttClient.ConnectAsync(options, Stop);
    }
}
