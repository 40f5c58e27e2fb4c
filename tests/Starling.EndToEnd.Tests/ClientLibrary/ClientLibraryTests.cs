using System.Collections.Concurrent;
using Starling.Client;
using Starling.EndToEnd.Tests.Processes;
using Starling.Protocol;

namespace Starling.EndToEnd.Tests.ClientLibrary;

/// <summary>The main scenarios of the client library, against our broker and against servers that others wrote.</summary>
public sealed class ClientLibraryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<Peer> Peers => [Peer.Starling, Peer.Mosquitto, Peer.MqttNet];

    public static MatrixTheoryData<Peer, AckMode> PeersAndModes => new([Peer.Starling, Peer.Mosquitto, Peer.MqttNet], [AckMode.AfterBody, AckMode.OnDelivery, AckMode.Manual]);

    [Theory, MemberData(nameof(PeersAndModes))]
    public async Task Each_way_of_acknowledging_lets_all_messages_through_a_small_window(Peer peer, AckMode mode)
    {
        const int Messages = 20;
        await using PeerServer server = await PeerServer.StartAsync(peer);
        await using MqttClient publisher = await server.ConnectAsync("publisher");
        await using MqttClient client = await server.ConnectAsync("client", options => Narrow(options, 4));
        MqttSubscription<int> numbers = await client.SubscribeAsync<int>("numbers", new SubscribeOptions { Ack = mode }, Stop);
        for (int i = 0; i < Messages; i++)
        {
            await publisher.PublishAsync("numbers", i, ct: Stop);
        }

        Assert.Equal(Enumerable.Range(0, Messages), await Until(ReadAsync(), "all messages"));

        async Task<List<int>> ReadAsync()
        {
            List<int> seen = [];
            List<MqttDelivery> open = [];
            await foreach (MqttDelivery<int> delivery in numbers)
            {
                seen.Add(delivery.Value);
                open.Add(delivery);
                if (mode == AckMode.Manual && open.Count == 4)
                {
                    // Backwards: the client restores the order.
                    foreach (MqttDelivery last in Enumerable.Reverse(open))
                    {
                        await last.AckAsync(Stop);
                    }

                    open.Clear();
                }

                if (seen.Count == Messages)
                {
                    return seen;
                }
            }

            return seen;
        }
    }

    [Theory, MemberData(nameof(Peers))]
    public async Task Handlers_keep_the_order_of_each_topic(Peer peer)
    {
        const int Topics = 6;
        const int Messages = 25;
        await using PeerServer server = await PeerServer.StartAsync(peer);
        await using MqttClient client = await server.ConnectAsync("client");
        MqttSubscription<int> jobs = await client.SubscribeAsync<int>("jobs/#", ct: Stop);
        ConcurrentDictionary<string, List<int>> seen = new();
        int handled = 0;
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task run = jobs.ProcessAsync(
            async (delivery, _) =>
            {
                await Task.Yield();
                seen.GetOrAdd(delivery.Message.Topic, static _ => []).Add(delivery.Value);
                if (Interlocked.Increment(ref handled) == Topics * Messages)
                {
                    all.SetResult();
                }
            },
            new ProcessOptions { MaxConcurrency = 4 },
            Stop);

        for (int i = 0; i < Messages; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, Topics).Select(topic => client.PublishAsync($"jobs/{topic}", i, ct: Stop).AsTask()));
        }

        await Patience.Until(all.Task, "all jobs", Patience.Long);
        Assert.All(seen.Values, list => Assert.Equal(Enumerable.Range(0, Messages), list));
        await jobs.DisposeAsync();
        await Patience.Until(run, "the end of the run", Patience.Long);
    }

    [Theory, MemberData(nameof(Peers))]
    public async Task Requests_get_their_replies_and_learn_that_nobody_responds(Peer peer)
    {
        await using PeerServer server = await PeerServer.StartAsync(peer);
        await using MqttClient client = await server.ConnectAsync("client");
        await using MqttClient other = await server.ConnectAsync("other");
        await using IAsyncDisposable responder = await other.RespondAsync<int, int>("double", (request, _) => ValueTask.FromResult(2 * request.Value), ct: Stop);

        RequestOptions options = new() { Timeout = Patience.Long };
        MqttDelivery<int>[] replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => client.RequestAsync<int, int>("double", i, options, Stop).AsTask()));

        Assert.Equal(Enumerable.Range(0, 50).Select(static i => 2 * i), replies.Select(static reply => reply.Value));
        await Assert.ThrowsAsync<MqttNoResponderException>(async () => await client.RequestAsync<int, int>("nobody", 1, options, Stop));
    }

    [Theory, MemberData(nameof(Peers))]
    public async Task A_slow_handler_beside_a_fast_publisher_holds_no_more_than_the_window_and_gets_everything(Peer peer)
    {
        const int Messages = 500;
        const int Window = 10;
        await using PeerServer server = await PeerServer.StartAsync(peer);
        await using MqttClient publisher = await server.ConnectAsync("publisher");
        await using MqttClient client = await server.ConnectAsync("client", options => Narrow(options, Window));
        MqttSubscription<int> numbers = await client.SubscribeAsync<int>("numbers", ct: Stop);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<int> seen = [];
        Task run = numbers.ProcessAsync(
            async (delivery, _) =>
            {
                await go.Task;
                seen.Add(delivery.Value);
                if (seen.Count == Messages)
                {
                    all.SetResult();
                }
            },
            ct: Stop);
        await Task.WhenAll(Enumerable.Range(0, Messages).Select(i => publisher.PublishAsync("numbers", i, ct: Stop).AsTask()));

        if (peer == Peer.Starling)
        {
            // The handler stands still: all that the client may hold is the window, and its socket stays readable for other messages.
            MqttSubscription<string> plain = await client.SubscribeAsync<string>("plain", ct: Stop);
            await publisher.PublishAsync("plain", "x", new PublishOptions { Qos = QualityOfService.AtMostOnce }, Stop);
            await Until(plain.ReadAsync(Stop).AsTask(), "a message beside the full window");
        }

        go.SetResult();

        await Patience.Until(all.Task, "all messages", Patience.Long);
        Assert.Equal(Enumerable.Range(0, Messages), seen);
        await numbers.DisposeAsync();
        await Patience.Until(run, "the end of the run", Patience.Long);
    }

    [Theory, MemberData(nameof(Peers))]
    public async Task A_handler_that_throws_stops_neither_the_others_nor_the_connection(Peer peer)
    {
        await using PeerServer server = await PeerServer.StartAsync(peer);
        await using MqttClient client = await server.ConnectAsync("client");
        List<ConnectionState> states = [];
        client.ConnectionChanged += (_, change) => states.Add(change.State);
        MqttSubscription<int> numbers = await client.SubscribeAsync<int>("numbers", ct: Stop);
        MqttSubscription<int> answers = await client.SubscribeAsync<int>("answers", ct: Stop);
        Task run = numbers.ProcessAsync(
            async (delivery, ct) => await client.PublishAsync("answers", delivery.Value == 2 ? throw new InvalidOperationException("two") : delivery.Value, ct: ct), ct: Stop);

        foreach (int number in new[] { 1, 2, 3 })
        {
            await client.PublishAsync("numbers", number, ct: Stop);
        }

        Assert.Equal(1, (await Until(answers.ReadAsync(Stop).AsTask(), "the first answer")).Value);
        Assert.Equal(3, (await Until(answers.ReadAsync(Stop).AsTask(), "the answer after the fault")).Value);
        await client.PublishAsync("numbers", 4, ct: Stop);
        Assert.DoesNotContain(ConnectionState.Reconnecting, states);
        await numbers.DisposeAsync();
        await Patience.Until(run, "the end of the run", Patience.Long);
    }

    [Fact]
    public async Task A_refused_subscription_throws_and_the_client_goes_on()
    {
        await using PeerServer server = await PeerServer.StartAsync(Peer.MqttNet);
        await using MqttClient client = await server.ConnectAsync("client");

        MqttRejectedException refusal = await Assert.ThrowsAsync<MqttRejectedException>(
            async () => await client.SubscribeAsync(PeerServer.RefusedFilter, ct: Stop));

        Assert.Equal((ReasonCode.NotAuthorized, PacketType.SubAck), (refusal.Reason, refusal.Packet));
        await client.SubscribeAsync("granted", ct: Stop);
    }

    // Mosquitto 2.0.11 and MQTTnet's server send more than a small Receive Maximum allows; the client then does not read on.
    private static void Narrow(MqttClientOptions options, ushort window)
    {
        options.ReceiveMaximum = window;
        options.Version = MqttVersion.V5;
    }

    private static Task<T> Until<T>(Task<T> task, string what) => Patience.Until(task, what, Patience.Long);
}
