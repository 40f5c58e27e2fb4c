using Microsoft.Extensions.Time.Testing;
using Starling.Broker;
using Starling.Protocol;

namespace Starling.Client.Tests;

/// <summary>Requests and replies against the real broker in memory.</summary>
public sealed class RequestTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null), InlineData("answers/here/")]
    public async Task A_request_gets_its_reply(string? responseInformation)
    {
        await using MqttTestBroker broker = new(new MqttTestBrokerOptions { Broker = new BrokerOptions { ResponseInformation = responseInformation } });
        await using MqttClient client = await ConnectAsync(broker, "client");
        await using MqttClient server = await ConnectAsync(broker, "server");
        await using IAsyncDisposable responder = await server.RespondAsync<Order, Receipt>(
            "orders/+", (request, _) => ValueTask.FromResult(new Receipt(request.Value.Id)), ct: Stop);

        MqttDelivery<Receipt> reply = await client.RequestAsync<Order, Receipt>("orders/place", new Order(7, "x"), ct: Stop).Bounded();

        Assert.Equal((7, 16), (reply.Value.Id, reply.Message.CorrelationData.Length));
        Assert.StartsWith(responseInformation ?? "reply/client/", reply.Message.Topic, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thousands_of_requests_at_a_time_each_get_their_own_reply_and_leave_nothing()
    {
        const int Requests = 3000;
        await using MqttTestBroker broker = new();
        await using MqttClient client = await ConnectAsync(broker, "client");
        await using IAsyncDisposable responder = await client.RespondAsync<int, int>("double", (request, _) => ValueTask.FromResult(2 * request.Value), ct: Stop);

        RequestOptions options = new() { Timeout = Patience.Limit };
        MqttDelivery<int>[] replies = await Task.WhenAll(
            Enumerable.Range(0, Requests).Select(i => client.RequestAsync<int, int>("double", i, options, Stop).AsTask())).WaitAsync(Patience.Limit, Stop);

        Assert.Equal(Enumerable.Range(0, Requests).Select(static i => 2 * i), replies.Select(static reply => reply.Value));
        Assert.Equal(0, client.WaitingRequests);
    }

    [Fact]
    public async Task Nobody_who_responds_is_known_at_once()
    {
        await using MqttTestBroker broker = new(new MqttTestBrokerOptions { TimeProvider = new FakeTimeProvider() });
        await using MqttClient client = await ConnectAsync(broker, "client");

        MqttNoResponderException fault = await Assert.ThrowsAsync<MqttNoResponderException>(
            () => client.RequestAsync<int, int>("nobody", 1, ct: Stop).Bounded());

        Assert.Equal((ReasonCode.NoMatchingSubscribers, 0), (fault.Reason, client.WaitingRequests));
    }

    [Fact]
    public async Task A_reply_that_does_not_come_in_time_is_a_timeout()
    {
        FakeTimeProvider time = new();
        await using MqttTestBroker broker = new(new MqttTestBrokerOptions { TimeProvider = time });
        await using MqttClient client = await ConnectAsync(broker, "client");
        MqttSubscription<int> silent = await client.SubscribeAsync<int>("silent", ct: Stop);

        Task<MqttDelivery<int>> request = client.RequestAsync<int, int>("silent", 1, new RequestOptions { Timeout = TimeSpan.FromSeconds(2) }, Stop).Bounded();
        MqttDelivery<int> unanswered = await silent.ReadAsync(Stop).Bounded();
        Assert.Equal(TimeSpan.FromSeconds(2), unanswered.Message.Expiry);
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(request.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Contains("'silent'", (await Assert.ThrowsAsync<TimeoutException>(() => request)).Message, StringComparison.Ordinal);
        Assert.Equal(0, client.WaitingRequests);
    }

    [Theory]
    [InlineData(0), InlineData(86_401), InlineData(922_337_203_685)]
    public async Task A_time_that_no_timer_can_take_is_refused_at_once(double seconds)
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await ConnectAsync(broker, "client");
        RequestOptions options = new() { Timeout = TimeSpan.FromSeconds(seconds) };

        ArgumentOutOfRangeException fault = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => client.RequestAsync<int, int>("nobody", 1, options, Stop).Bounded());

        Assert.Equal("Timeout", fault.ParamName);
    }

    [Fact]
    public async Task A_cancelled_request_waits_no_longer()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await ConnectAsync(broker, "client");
        MqttSubscription<int> silent = await client.SubscribeAsync<int>("silent", ct: Stop);
        using CancellationTokenSource cancel = new();
        Task<MqttDelivery<int>> request = client.RequestAsync<int, int>("silent", 1, ct: cancel.Token).Bounded();
        await silent.ReadAsync(Stop).Bounded();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.Equal(0, client.WaitingRequests);
    }

    [Theory]
    [InlineData(false, "Its handler failed."), InlineData(true, "told: bad")]
    public async Task A_handler_that_throws_is_told_to_the_requester_and_serves_on(bool tells, string text)
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await ConnectAsync(broker, "client");
        RespondOptions options = new() { FailureText = tells ? fault => $"told: {fault.Message}" : null };
        await using IAsyncDisposable responder = await client.RespondAsync<int, int>(
            "invert", (request, _) => request.Value == 0 ? throw new InvalidOperationException("bad") : ValueTask.FromResult(1 / request.Value), options, Stop);

        MqttRequestFailedException fault = await Assert.ThrowsAsync<MqttRequestFailedException>(() => client.RequestAsync<int, int>("invert", 0, ct: Stop).Bounded());

        Assert.Equal(text, fault.Text);
        Assert.Equal(1, (await client.RequestAsync<int, int>("invert", 1, ct: Stop).Bounded()).Value);
    }

    [Fact]
    public async Task A_request_that_is_poison_gets_an_answer_too()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await ConnectAsync(broker, "client");
        await using IAsyncDisposable responder = await client.RespondAsync<int, int>("double", (request, _) => ValueTask.FromResult(2 * request.Value), ct: Stop);

        await Assert.ThrowsAsync<MqttRequestFailedException>(() => client.RequestAsync<string, int>("double", "x", ct: Stop).Bounded());
    }

    [Fact]
    public async Task Responders_of_a_group_share_the_requests_and_one_that_is_disposed_leaves_them_to_the_other()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await ConnectAsync(broker, "client");
        await using MqttClient server = await ConnectAsync(broker, "server");
        RespondOptions options = new() { ShareGroup = "g" };
        IAsyncDisposable first = await client.RespondAsync<int, string>("who", (_, _) => ValueTask.FromResult("first"), options, Stop);
        await using IAsyncDisposable second = await server.RespondAsync<int, string>("who", (_, _) => ValueTask.FromResult("second"), options, Stop);

        HashSet<string> answers = [];
        for (int i = 0; i < 20; i++)
        {
            answers.Add((await client.RequestAsync<int, string>("who", i, ct: Stop).Bounded()).Value);
        }

        Assert.Equal(["first", "second"], answers.Order());
        await first.DisposeAsync();
        Assert.Equal("second", (await client.RequestAsync<int, string>("who", 1, ct: Stop).Bounded()).Value);
    }

    [Fact]
    public async Task Disposing_a_responder_waits_for_the_answer_that_is_being_made()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await ConnectAsync(broker, "client");
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IAsyncDisposable responder = await client.RespondAsync<int, int>(
            "slow",
            async (request, _) =>
            {
                begun.SetResult();
                await go.Task;
                return request.Value;
            },
            ct: Stop);
        Task<MqttDelivery<int>> request = client.RequestAsync<int, int>("slow", 5, ct: Stop).Bounded();
        await begun.Task.Bounded();

        Task disposed = responder.DisposeAsync().AsTask();
        Assert.False(disposed.IsCompleted);
        go.SetResult();

        Assert.Equal(5, (await request).Value);
        await disposed.Bounded();
    }

    [Fact]
    public async Task Requests_go_on_after_the_connection_was_cut()
    {
        await using MqttTestBroker broker = new();
        MqttClientOptions options = broker.CreateClientOptions("client");
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        options.Reconnect.MaxDelay = TimeSpan.FromMilliseconds(1);
        await using MqttClient client = await MqttClient.ConnectAsync(options, Stop);
        await using IAsyncDisposable responder = await client.RespondAsync<int, int>("same", (request, _) => ValueTask.FromResult(request.Value), ct: Stop);
        await client.RequestAsync<int, int>("same", 1, ct: Stop).Bounded();

        broker.CutConnections();

        Assert.Equal(2, (await client.RequestAsync<int, int>("same", 2, new RequestOptions { Timeout = Patience.Limit }, Stop).Bounded()).Value);
    }

    [Fact]
    public async Task Disposing_the_client_ends_its_requests()
    {
        await using MqttTestBroker broker = new();
        MqttClient client = await ConnectAsync(broker, "client");
        MqttSubscription<int> silent = await client.SubscribeAsync<int>("silent", ct: Stop);
        Task<MqttDelivery<int>> request = client.RequestAsync<int, int>("silent", 1, ct: Stop).Bounded();
        await (await silent.ReadAsync(Stop).Bounded()).AckAsync(Stop);

        await client.DisposeAsync();

        await Assert.ThrowsAsync<MqttNotConnectedException>(() => request);
    }

    [Fact]
    public async Task In_3_1_1_requests_and_responses_say_what_they_need()
    {
        await using MqttTestBroker broker = new();
        MqttClientOptions options = broker.CreateClientOptions("client");
        options.Version = MqttVersion.V311;
        await using MqttClient client = await MqttClient.ConnectAsync(options, Stop);

        Assert.Contains("5.0", (await Assert.ThrowsAsync<NotSupportedException>(() => client.RequestAsync<int, int>("a", 1, ct: Stop).Bounded())).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotSupportedException>(() => client.RespondAsync<int, int>("a", (_, _) => ValueTask.FromResult(1), ct: Stop).Bounded());
    }

    [Fact]
    public async Task Before_the_first_connection_there_is_no_place_for_replies()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = new(broker.CreateClientOptions("client"));

        await Assert.ThrowsAsync<MqttNotConnectedException>(() => client.RequestAsync<int, int>("a", 1, ct: Stop).Bounded());
    }

    private static async Task<MqttClient> ConnectAsync(MqttTestBroker broker, string clientId)
    {
        MqttClientOptions options = broker.CreateClientOptions(clientId);
        options.Serializers.Add(MqttJson.For(AppJson.Default));
        return await MqttClient.ConnectAsync(options, Stop);
    }
}
