using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Starling.Hosting.Tests;

public sealed class HostedBrokerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Broker_runs_from_the_start_of_the_host_to_its_stop()
    {
        StarlingOptions options = new()
        {
            Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, 0))],
            Durability = Durability.Memory,
            Loops = 1,
        };
        using IHost host = Build(services => services.AddStarling(options));

        await host.StartAsync(Cancelled);
        StarlingBroker broker = BrokerOf(host);
        bool ranAtStart = !broker.Completion.IsCompleted;
        await host.StopAsync(Cancelled);

        Assert.True(ranAtStart);
        Assert.True(broker.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Wrong_options_fail_the_start_of_the_host()
    {
        using IHost host = Build(services => services.AddStarling(new StarlingOptions { Loops = 0 }));

        await Assert.ThrowsAsync<StarlingStartException>(() => host.StartAsync(Cancelled));
    }

    [Fact]
    public async Task Section_of_the_configuration_tells_the_broker_where_to_listen()
    {
        using IHost host = Build(services => services.AddStarling(Section(
            ("Loops", "1"), ("Durability", "memory"), ("Listeners:0", "tcp://127.0.0.1:0"), ("Listeners:1", "tcp://127.0.0.2:0"), ("limits:receivemaximum", "7"))));

        await host.StartAsync(Cancelled);

        Assert.Equal([IPAddress.Loopback, IPAddress.Parse("127.0.0.2")], BrokerOf(host).EndPoints.Select(static e => e.Address));
        await host.StopAsync(Cancelled);
    }

    [Theory]
    [InlineData("Limits:RecieveMaximum", "1", "did you mean Limits:ReceiveMaximum?")]
    [InlineData("Loops", "0", "Loops=0 is not allowed")]
    [InlineData("Limits", "1", "There is no setting Limits")]
    [InlineData("Loops:0", "x", "Loops=x is not allowed")]
    public void Wrong_section_is_refused_at_once(string key, string value, string said)
    {
        StarlingStartException refusal = Assert.Throws<StarlingStartException>(() => new ServiceCollection().AddStarling(Section((key, value))));

        Assert.Equal(StartFailure.Configuration, refusal.Failure);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_stops_when_the_broker_cannot_go_on()
    {
        StarlingOptions options = new()
        {
            Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, 0))],
            Durability = Durability.Memory,
            Loops = 1,
        };
        BreakableTime time = new();
        using IHost host = Build(services => services.AddSingleton<TimeProvider>(time).AddStarling(options));
        TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        await host.StartAsync(Cancelled);

        time.IsBroken = true;
        using System.Net.Sockets.TcpClient client = new();
        Task wakesTheLoop = client.ConnectAsync(BrokerOf(host).EndPoints[0], Cancelled).AsTask();
        await wakesTheLoop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    private static IHost Build(Action<IServiceCollection> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services);
        return builder.Build();
    }

    private static StarlingBroker BrokerOf(IHost host) => Assert.IsType<StarlingBroker>(
        Assert.IsType<StarlingHostedService>(Assert.Single(host.Services.GetServices<IHostedService>())).Broker);

    private static IConfigurationSection Section(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(static v => KeyValuePair.Create<string, string?>($"Starling:{v.Key}", v.Value)))
        .Build()
        .GetSection("Starling");

    private sealed class BreakableTime : TimeProvider
    {
        public volatile bool IsBroken;

        public override long GetTimestamp() => IsBroken ? throw new InvalidOperationException("The clock is broken.") : base.GetTimestamp();
    }
}
