using Microsoft.Extensions.Hosting;

namespace Starling.Hosting;

/// <summary>Runs a broker for as long as the host runs.</summary>
/// <param name="options">What the broker is told.</param>
/// <param name="services">What the host gives to it.</param>
internal sealed class StarlingHostedService(StarlingOptions options, StarlingServices services) : IHostedService
{
    private StarlingBroker? _broker;

    /// <summary>The broker, once it has been started.</summary>
    public StarlingBroker? Broker => _broker;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _broker = StarlingBroker.Start(options, services);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _broker?.StopAsync().WaitAsync(cancellationToken) ?? Task.CompletedTask;
}
