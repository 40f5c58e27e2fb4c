using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Starling.Client.Tests;

/// <summary>Clients in a .NET host, against the real broker in memory.</summary>
public sealed class HostedClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handler_gets_values_and_names_from_a_scope_of_its_own_and_publishes_inside()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient other = await broker.ConnectAsync("other", Stop);
        MqttSubscription<string> alarms = await other.SubscribeAsync<string>("alarms/+", ct: Stop);
        using IHost host = Host(broker, builder => builder.AddJson(AppJson.Default).AddHandler<AlarmHandler, Order>(TopicFilter.Template("orders/{shop}")));
        await host.StartAsync(Stop);
        IMqttClient client = host.Services.GetRequiredService<IMqttClient>();
        await client.ConnectAsync(Stop).Bounded();

        await client.PublishAsync("orders/1", new Order(1, "a"), ct: Stop);
        await client.PublishAsync("orders/2", new Order(2, "b"), ct: Stop);

        string[] got = [await NextAsync(alarms), await NextAsync(alarms)];
        Assert.Equal(["alarms/1 a scope 1", "alarms/2 b scope 2"], got);
        await host.StopAsync(Stop);
        Assert.Equal(ConnectionState.Idle, client.State);
    }

    [Fact]
    public async Task A_host_starts_while_the_server_is_away_and_its_health_tells()
    {
        await using MqttTestBroker broker = new();
        await broker.StopAsync();
        using IHost host = Host(broker, builder => builder.AddHealthCheck());
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();

        await host.StartAsync(Stop);
        Assert.Equal(HealthStatus.Degraded, (await health.CheckHealthAsync(Stop)).Entries["mqtt"].Status);
        broker.Start();
        await host.Services.GetRequiredService<IMqttClient>().ConnectAsync(Stop).Bounded();

        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Stop)).Status);
        await host.StopAsync(Stop);
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(Stop)).Status);
    }

    [Fact]
    public async Task A_program_that_must_not_start_without_its_server_says_so()
    {
        await using MqttTestBroker broker = new();
        await broker.StopAsync();
        using IHost host = Host(broker, static _ => { }, static options => options.InitialConnect = InitialConnect.FailFast);

        await Assert.ThrowsAsync<MqttConnectException>(() => host.StartAsync(Stop));
    }

    [Fact]
    public async Task A_handler_of_a_type_that_nobody_reads_fails_the_start()
    {
        await using MqttTestBroker broker = new();
        using IHost host = Host(broker, static builder => builder.AddHandler<AlarmHandler, Order>("orders/+"));

        Assert.Contains("AddJson", (await Assert.ThrowsAsync<MqttSerializationException>(() => host.StartAsync(Stop))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waited_in_the_session_reaches_the_handler_because_it_subscribes_first()
    {
        await using MqttTestBroker broker = new();
        await using (MqttClient before = await broker.ConnectAsync("service", Stop))
        {
            await before.SubscribeAsync("orders/+", ct: Stop);
            await before.DisconnectAsync(ct: Stop);
        }

        await using MqttClient other = await broker.ConnectAsync("other", Stop);
        MqttSubscription<string> alarms = await other.SubscribeAsync<string>("alarms/+", ct: Stop);
        MqttClientOptions json = broker.CreateClientOptions("json");
        json.Serializers.Add(MqttJson.For(AppJson.Default));
        await using MqttClient publisher = await MqttClient.ConnectAsync(json, Stop);
        await publisher.PublishAsync("orders/9", new Order(9, "queued"), ct: Stop);
        using IHost host = Host(broker, builder => builder.AddJson(AppJson.Default).AddHandler<AlarmHandler, Order>(TopicFilter.Template("orders/{shop}")));

        await host.StartAsync(Stop);

        Assert.Equal("alarms/9 queued scope 1", await NextAsync(alarms));
        await host.StopAsync(Stop);
    }

    [Fact]
    public async Task Keyed_clients_are_told_apart()
    {
        await using MqttTestBroker one = new();
        await using MqttTestBroker two = new();
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddKeyedMqttClient("one", options => Use(options, one.CreateClientOptions())).AddHealthCheck();
        builder.Services.AddKeyedMqttClient("two", options => Use(options, two.CreateClientOptions())).AddHealthCheck();
        using IHost host = builder.Build();
        await host.StartAsync(Stop);

        await host.Services.GetRequiredKeyedService<IMqttClient>("one").ConnectAsync(Stop).Bounded();
        await host.Services.GetRequiredKeyedService<IMqttClient>("two").ConnectAsync(Stop).Bounded();

        Assert.Equal((1, 1), (one.Connections, two.Connections));
        Assert.Null(host.Services.GetService<IMqttClient>());
        Assert.Equal(["mqtt-one", "mqtt-two"], (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Stop)).Entries.Keys.Order());
        Assert.Throws<InvalidOperationException>(() => builder.Services.AddKeyedMqttClient("two", static _ => { }));
        await host.StopAsync(Stop);
    }

    [Fact]
    public void The_connection_string_comes_first_then_the_section_then_the_program()
    {
        MqttClientOptions read = Configured(
            new() { ["ConnectionStrings:mqtt"] = "mqtt://a:1884?clientId=string&keepAlive=7s", ["Mqtt:ClientId"] = "section & more", ["Mqtt:UserName"] = "u", ["Mqtt:Password"] = "p" });

        Assert.Equal((new Uri("mqtt://a:1884"), "section & more", TimeSpan.FromSeconds(7)), (read.Servers[0], read.ClientId, read.KeepAlive));
        Assert.NotNull(read.Credentials);
        Assert.Equal(InitialConnect.RetryForever, read.InitialConnect);
    }

    [Fact]
    public void A_section_alone_is_enough() =>
        Assert.Equal("x", Configured(new() { ["Mqtt:Uri"] = "mqtt://a", ["Mqtt:ClientId"] = "x" }).ClientId);

    [Theory]
    [InlineData("Mqtt:ClientId", "x", "ConnectionStrings:mqtt"), InlineData("Mqtt:ClientIt", "x", "ClientIt"), InlineData("Mqtt:KeepAlive", "soon", "keepAlive")]
    [InlineData("Mqtt:Tls:CaFile", "x", "Tls")]
    public void A_wrong_configuration_says_where_and_what(string key, string value, string named)
    {
        Dictionary<string, string?> values = new() { [key] = value };
        if (!named.StartsWith("Conn", StringComparison.Ordinal))
        {
            values["ConnectionStrings:mqtt"] = "mqtt://a";
        }

        Assert.Contains(named, Assert.Throws<InvalidOperationException>(() => Configured(values)).Message, StringComparison.OrdinalIgnoreCase);
    }

    private static MqttClientOptions Configured(Dictionary<string, string?> values)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(values);
        MqttClientOptions? seen = null;
        builder.Services.AddMqttClient("mqtt", options => seen = options);
        ServiceProvider services = builder.Services.BuildServiceProvider();
        _ = services.GetRequiredService<IMqttClient>();
        return seen ?? throw new InvalidOperationException("Nobody was asked.");
    }

    private static IHost Host(MqttTestBroker broker, Action<MqttClientBuilder> add, Action<MqttClientOptions>? configure = null)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ScopeCount>();
        builder.Services.AddScoped<ScopeNumber>();
        add(builder.Services.AddMqttClient(options =>
        {
            Use(options, broker.CreateClientOptions("service"));
            configure?.Invoke(options);
        }));
        return builder.Build();
    }

    private static void Use(MqttClientOptions options, MqttClientOptions given)
    {
        options.Servers.Add(given.Servers[0]);
        options.Transport = given.Transport;
        options.ClientId = given.ClientId;
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        options.Reconnect.MaxDelay = TimeSpan.FromMilliseconds(10);
    }

    private static async Task<string> NextAsync(MqttSubscription<string> alarms)
    {
        MqttDelivery<string> delivery = await alarms.ReadAsync(Stop).Bounded();
        await delivery.AckAsync(Stop);
        return $"{delivery.Message.Topic} {delivery.Value}";
    }

    private sealed class ScopeCount
    {
        private int _count;

        public int Next() => Interlocked.Increment(ref _count);
    }

    private sealed class ScopeNumber(ScopeCount count)
    {
        public int Value { get; } = count.Next();
    }

    private sealed class AlarmHandler(IMqttClient mqtt, ScopeNumber scope) : IMqttHandler<Order>
    {
        public async ValueTask HandleAsync(MqttDelivery<Order> delivery, CancellationToken ct) =>
            await mqtt.PublishAsync($"alarms/{delivery["shop"]}", $"{delivery.Value.Name} scope {scope.Value}", ct: ct);
    }
}
