using System.Collections.Concurrent;
using Starling.Protocol;

namespace Starling.Client.Tests;

/// <summary>Many handlers at a time, against the real broker in memory.</summary>
public sealed class ProcessOrderTests
{
    private const int Topics = 20;
    private const int MessagesPerTopic = 50;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Eight_handlers_keep_the_order_inside_each_topic_and_run_side_by_side()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await broker.ConnectAsync("client", Stop);
        MqttSubscription<int> jobs = await client.SubscribeAsync<int>("jobs/#", new SubscribeOptions { ShareGroup = "workers" }, Stop);
        ConcurrentDictionary<string, List<int>> seen = new();
        int running = 0;
        int most = 0;
        int handled = 0;
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource several = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task run = jobs.ProcessAsync(
            async (delivery, _) =>
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                if (now == 8)
                {
                    several.TrySetResult();
                }

                // Until all eight have met, each waits, so the test would hang were there fewer.
                await several.Task;
                List<int> list = seen.GetOrAdd(delivery.Message.Topic, static _ => []);
                list.Add(delivery.Value);
                await Task.Yield();
                Interlocked.Decrement(ref running);
                if (Interlocked.Increment(ref handled) == Topics * MessagesPerTopic)
                {
                    all.SetResult();
                }
            },
            new ProcessOptions { MaxConcurrency = 8 },
            Stop);

        for (int i = 0; i < MessagesPerTopic; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, Topics).Select(topic => client.PublishAsync($"jobs/{topic}", i, ct: Stop).AsTask()));
        }

        await all.Task.Bounded();
        Assert.Equal(8, most);
        Assert.Equal(Topics, seen.Count);
        Assert.All(seen.Values, list => Assert.Equal(Enumerable.Range(0, MessagesPerTopic), list));
        await jobs.DisposeAsync();
        await run.Bounded();
    }

    [Fact]
    public async Task Without_the_order_messages_of_one_topic_are_handled_side_by_side()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await broker.ConnectAsync("client", Stop);
        MqttSubscription<int> jobs = await client.SubscribeAsync<int>("job", ct: Stop);
        using CountdownEvent met = new(4);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task run = jobs.ProcessAsync(
            async (_, _) =>
            {
                if (met.Signal())
                {
                    go.SetResult();
                }

                await go.Task;
            },
            new ProcessOptions { MaxConcurrency = 4, KeepTopicOrder = false },
            Stop);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => client.PublishAsync("job", i, ct: Stop).AsTask()));

        await go.Task.Bounded();
        await jobs.DisposeAsync();
        await run.Bounded();
    }

    [Fact]
    public async Task A_slow_handler_beside_a_fast_publisher_takes_bounded_memory_and_drops_are_counted()
    {
        const int Messages = 5000;
        await using MqttTestBroker broker = new();
        await using MqttClient publisher = await broker.ConnectAsync("publisher", Stop);
        await using MqttClient client = await broker.ConnectAsync("client", Stop);
        MqttSubscription<int> subscription = await client.SubscribeAsync<int>("fast", new SubscribeOptions { Buffer = 10 }, Stop);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource last = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<int> handled = [];
        Task run = subscription.ProcessAsync(
            async (delivery, _) =>
            {
                await go.Task;
                handled.Add(delivery.Value);
                if (delivery.Value == Messages)
                {
                    last.SetResult();
                }
            },
            new ProcessOptions { MaxConcurrency = 2, MaxWaiting = 5 },
            Stop);
        for (int i = 0; i < Messages; i++)
        {
            await publisher.PublishAsync("fast", i, new PublishOptions { Qos = QualityOfService.AtMostOnce }, Stop);
        }

        // Behind the others on both connections, so all have arrived when it is acknowledged.
        MqttSubscription<string> end = await client.SubscribeAsync<string>("end", ct: Stop);
        await publisher.PublishAsync("end", "x", ct: Stop);
        await end.ReadAsync(Stop).Bounded();
        go.SetResult();
        await publisher.PublishAsync("fast", Messages, ct: Stop);
        await last.Task.Bounded();

        // One runs, five wait, and one was taken while there was no room: the rest is in the buffer of ten or dropped.
        Assert.InRange(handled.Count, 11, 19);
        Assert.Equal(Messages + 1, handled.Count + subscription.Dropped);
        Assert.Equal(handled.Order(), handled);
        await subscription.DisposeAsync();
        await run.Bounded();
    }

    [Fact]
    public async Task A_handler_publishes_and_requests_inside_and_one_that_throws_stops_nobody()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await broker.ConnectAsync("client", Stop);
        MqttSubscription<int> numbers = await client.SubscribeAsync<int>("numbers", ct: Stop);
        MqttSubscription<int> doubled = await client.SubscribeAsync<int>("doubled", ct: Stop);
        Task run = numbers.ProcessAsync(
            async (delivery, ct) => await client.PublishAsync("doubled", 2 * (delivery.Value == 3 ? throw new InvalidOperationException("three") : delivery.Value), ct: ct),
            new ProcessOptions { MaxConcurrency = 2 },
            Stop);

        foreach (int i in new[] { 1, 2, 3, 4 })
        {
            await client.PublishAsync("numbers", i, ct: Stop);
        }

        int[] got = [(await doubled.ReadAsync(Stop).Bounded()).Value, (await doubled.ReadAsync(Stop).Bounded()).Value, (await doubled.ReadAsync(Stop).Bounded()).Value];
        Assert.Equal([2, 4, 8], got);
        await numbers.DisposeAsync();
        await run.Bounded();
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (int seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, now, seen);
        }
    }
}
