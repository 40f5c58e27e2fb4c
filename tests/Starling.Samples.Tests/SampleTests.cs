using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Starling.Client;
using Starling.Hosting;
using Starling.Protocol;

namespace Starling.Samples.Tests;

/// <summary>
/// The samples of docs/client, run against a broker. What stands between "sample N" and "end" is the text of the document, but for At, which
/// puts the port of the test's broker into an address, and In, which puts a file into a folder of the test.
/// </summary>
public sealed class SampleTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly StarlingBroker _broker = StarlingBroker.Start(new StarlingOptions
    {
        Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, 0))],
        Durability = Durability.Memory,
        Loops = 1,
    });

    private SampleConsole Console { get; } = new();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task Sample_1_publishes()
    {
        await using MqttClient watcher = await ConnectAsync("watcher");
        await using MqttSubscription<double> seen = await watcher.SubscribeAsync<double>("sensors/#");

        // sample 1
        await using MqttClient client = await MqttClient.ConnectAsync(At("mqtt://user:pw@localhost:1883?clientId=gate-7"));
        await client.PublishAsync("sensors/7/temp", 21.5);
        // end

        Assert.Equal(21.5, (await seen.ReadAsync().AsTask().WaitAsync(Limit)).Value);
    }

    [Fact]
    public async Task Sample_2_subscribes()
    {
        Console.IsEnough = true;
        Task sample = RunAsync();
        await using MqttClient publisher = await ConnectAsync("publisher");
        await PublishUntilHeardAsync(publisher, "sensors/7/temp", "21.5"u8.ToArray());

        await Assert.ThrowsAsync<EnoughException>(() => sample.WaitAsync(Limit));

        async Task RunAsync()
        {
            // sample 2
            await using MqttClient client = await MqttClient.ConnectAsync(At("mqtt://localhost:1883?clientId=display-1"));
            await using MqttSubscription temps = await client.SubscribeAsync("sensors/+/temp");
            await foreach (MqttDelivery delivery in temps)
            {
                Console.WriteLine($"{delivery.Message.Topic} {delivery.Message.Payload.Length} B");
            }
            // end
        }
    }

    [Fact]
    public async Task Sample_3_acknowledges_by_hand()
    {
        MqttClientOptions options = MqttClientOptions.Parse(At("mqtt://localhost:1883?clientId=orders"));
        options.Serializers.Add(MqttJson.For(OrderJson.Default));
        await using MqttClient client = await MqttClient.ConnectAsync(options);
        List<Order> saved = [];
        Task sample = RunAsync();
        await PublishUntilHeardAsync(client, "orders/1", new Order(1));
        await client.PublishAsync("orders/2", "no order");
        Console.IsEnough = true;
        await client.PublishAsync("orders/3", new Order(3));

        await Assert.ThrowsAsync<EnoughException>(() => sample.WaitAsync(Limit));
        Assert.Equal((1, 3), (saved[0].Id, saved[^1].Id));

        ValueTask SaveAsync(Order order)
        {
            saved.Add(order);
            Console.WriteLine($"saved {order.Id}");
            return ValueTask.CompletedTask;
        }

        async Task RunAsync()
        {
            // sample 3
            await using MqttSubscription<Order> orders = await client.SubscribeAsync<Order>("orders/#", new() { Ack = AckMode.Manual });
            await foreach (MqttDelivery<Order> delivery in orders)
            {
                if (delivery.TryGetValue(out Order? order))
                {
                    await SaveAsync(order);
                    await delivery.AckAsync();
                }
                else
                {
                    await delivery.RejectAsync(ReasonCode.UnspecifiedError, "not an order");
                }
            }
            // end
        }
    }

    [Fact]
    public async Task Sample_4_works_side_by_side()
    {
        await using MqttClient client = await ConnectAsync("worker");
        using CancellationTokenSource source = new();
        CancellationToken stop = source.Token;
        Task sample = RunAsync();
        await PublishUntilHeardAsync(client, "jobs/1", "job");

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sample.WaitAsync(Limit));

        ValueTask HandleAsync(MqttDelivery delivery, CancellationToken ct)
        {
            Console.WriteLine(delivery.Message.Topic);
            return ValueTask.CompletedTask;
        }

        async Task RunAsync()
        {
            // sample 4
            await using MqttSubscription work = await client.SubscribeAsync("jobs/#", new() { ShareGroup = "workers" });
            await work.ProcessAsync(HandleAsync, new() { MaxConcurrency = 8 }, stop);
            // end
        }
    }

    [Fact]
    public async Task Sample_5_looks_at_results()
    {
        await using MqttClient client = await ConnectAsync("commander");
        byte[] bytes = [1, 2, 3];

        // sample 5
        PublishResult result = await client.TryPublishAsync(new() { Topic = "cmd/42", Payload = bytes, Expiry = TimeSpan.FromMinutes(1) });
        if (result.Status == PublishStatus.Refused)
        {
            Console.WriteLine($"{result.Reason}: {result.ReasonString}");
        }
        else if (result.NoSubscribers)
        {
            Console.WriteLine("nobody listens");
        }
        // end

        Assert.Equal("nobody listens", await Console.NextAsync());
    }

    [Fact]
    public async Task Sample_6_requests_and_responds()
    {
        MqttClientOptions options = MqttClientOptions.Parse(At("mqtt://localhost:1883?clientId=shop"));
        options.Serializers.Add(MqttJson.For(OrderJson.Default));
        await using MqttClient client = await MqttClient.ConnectAsync(options);
        Order order = new(5);

        // sample 6
        await using IAsyncDisposable server = await client.RespondAsync<Order, Receipt>(
            "orders/place", (request, ct) => ValueTask.FromResult(new Receipt(request.Value.Id)));

        MqttDelivery<Receipt> reply = await client.RequestAsync<Order, Receipt>("orders/place", order, new() { Timeout = TimeSpan.FromSeconds(20) });
        Console.WriteLine($"receipt for {reply.Value.OrderId}");
        // end

        Assert.Equal("receipt for 5", await Console.NextAsync());
    }

    [Fact]
    public async Task Sample_7_keeps_what_is_enqueued_in_a_file()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        byte[] bytes = [1, 2, 3];
        string folder = Directory.CreateTempSubdirectory("starling-sample-").FullName;
        try
        {
            await RunAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Assert.Equal("Acknowledged", await Console.NextAsync());

        async Task RunAsync()
        {
            // sample 7
            MqttClientOptions options = MqttClientOptions.Parse(At("mqtt://localhost:1883?clientId=meter-9"));
            options.Outbox = OutboxOptions.File(In("/var/lib/meter/outbox"), maxBytes: 64 << 20);
            options.InitialConnect = InitialConnect.RetryForever;
            await using MqttClient meter = new(options);
            await meter.ConnectAsync(stop);
            OutboxTicket ticket = await meter.EnqueueAsync(new() { Topic = "meter/9", Payload = bytes, Qos = QualityOfService.ExactlyOnce }, stop);
            PublishResult result = await ticket.Completion;
            Console.WriteLine($"{result.Status}");
            // end
        }

        string In(string path) => Path.Combine(folder, Path.GetFileName(path));
    }

    [Fact]
    public async Task Sample_8_loses_nothing_that_waited_in_the_session()
    {
        await using (MqttClient before = await ConnectAsync("meter-9"))
        {
            await before.SubscribeAsync("cmd/meter-9/#");
            await before.DisconnectAsync();
        }

        await using MqttClient commander = await ConnectAsync("commander");
        await commander.PublishAsync("cmd/meter-9/reset", "now");
        CancellationToken stop = TestContext.Current.CancellationToken;

        // sample 8
        await using MqttClient meter = new(MqttClientOptions.Parse(At("mqtt://localhost:1883?clientId=meter-9")));
        MqttSubscription inbox = meter.Subscribe("cmd/meter-9/#");
        await meter.ConnectAsync(stop);
        // end

        Assert.Equal("cmd/meter-9/reset", (await inbox.ReadAsync(stop).AsTask().WaitAsync(Limit, stop)).Message.Topic);
    }

    [Fact]
    public async Task Sample_9_runs_in_a_host()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:mqtt"] = At("mqtt://localhost:1883?clientId=service") });

        // sample 9
        builder.Services.AddMqttClient("mqtt")
            .AddJson(AppJson.Default)
            .AddHandler<TempHandler, Reading>(TopicFilter.Template("sensors/{id}/temp"))
            .AddHealthCheck();
        // end

        using IHost host = builder.Build();
        await using MqttClient watcher = await ConnectAsync("watcher");
        await using MqttSubscription<string> alarms = await watcher.SubscribeAsync<string>("alarms/+");
        await host.StartAsync(TestContext.Current.CancellationToken);
        while ((await watcher.PublishAsync("sensors/7/temp", "{\"Celsius\":90}")).NoSubscribers)
        {
            await Task.Yield();
        }

        MqttDelivery<string> alarm = await alarms.ReadAsync().AsTask().WaitAsync(Limit);
        Assert.Equal(("alarms/7", "{\"Celsius\":90}"), (alarm.Message.Topic, alarm.Value));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Sample_10_watches_the_connection()
    {
        await using MqttClient client = new(MqttClientOptions.Parse(At("mqtt://localhost:1883?clientId=watched")));

        // sample 10
        client.ConnectionChanged += (_, change) =>
            Console.WriteLine($"{change.State} session={change.SessionPresent} next={change.NextAttempt} {change.Cause?.Message}");
        // end

        await client.ConnectAsync();
        Assert.StartsWith("Connecting session=False", await Console.NextAsync(), StringComparison.Ordinal);
        Assert.StartsWith("Connected session=False", await Console.NextAsync(), StringComparison.Ordinal);
    }

    private string At(string address) => address.Replace("localhost:1883", $"127.0.0.1:{_broker.EndPoints[0].Port}", StringComparison.Ordinal);

    private async Task<MqttClient> ConnectAsync(string clientId) => await MqttClient.ConnectAsync(At($"mqtt://localhost:1883?clientId={clientId}"));

    // The sample subscribes at its own pace: what is published before that has no subscriber.
    private async Task PublishUntilHeardAsync<T>(MqttClient publisher, string topic, T payload)
    {
        Task<string> heard = Console.NextAsync();
        while ((await publisher.PublishAsync(topic, payload)).NoSubscribers)
        {
            await Task.Yield();
        }

        await heard;
    }
}
