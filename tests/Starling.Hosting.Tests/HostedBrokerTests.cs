using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Starling.Hosting.Tests;

public sealed class HostedBrokerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Broker_runs_from_the_start_of_the_host_to_its_stop()
    {
        StarlingOptions options = new() { Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, 0))], Loops = 1 };
        StarlingHostedService service = Assert.IsType<StarlingHostedService>(Create(new ServiceCollection().AddStarling(options)));

        await service.StartAsync(Cancelled);
        StarlingBroker broker = Assert.IsType<StarlingBroker>(service.Broker);
        bool ranAtStart = !broker.Completion.IsCompleted;
        await service.StopAsync(Cancelled);

        Assert.True(ranAtStart);
        Assert.True(broker.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Wrong_options_fail_the_start_of_the_host()
    {
        IHostedService service = Create(new ServiceCollection().AddStarling(new StarlingOptions { Loops = 0 }));

        await Assert.ThrowsAsync<StarlingStartException>(() => service.StartAsync(Cancelled));
    }

    private static IHostedService Create(IServiceCollection services)
    {
        ServiceDescriptor descriptor = Assert.Single(services);
        return Assert.IsAssignableFrom<IHostedService>(descriptor.ImplementationFactory?.Invoke(new NoServices()));
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
