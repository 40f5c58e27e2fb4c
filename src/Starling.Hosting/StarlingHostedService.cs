using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Starling.Hosting;

/// <summary>Runs a broker for as long as the host runs.</summary>
/// <param name="options">What the broker is told.</param>
/// <param name="services">What the host gives to it.</param>
internal sealed class StarlingHostedService(StarlingOptions options, StarlingServices services) : IHostedService
{
    private StarlingBroker? _broker;

    /// <summary>The broker, once it has been started.</summary>
    public StarlingBroker? Broker => _broker;

    /// <summary>The host, which stops when the broker cannot go on; null: nothing is told.</summary>
    public IHostApplicationLifetime? Host { get; init; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _broker = StarlingBroker.Start(options, services);
        _ = StopHostAfterAsync(_broker);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _broker?.StopAsync().WaitAsync(cancellationToken) ?? Task.CompletedTask;

    // A host that runs on without its broker looks well and serves nobody.
    private async Task StopHostAfterAsync(StarlingBroker broker)
    {
        await broker.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (broker.Completion.IsFaulted)
        {
            ILogger logger = services.LoggerFactory?.CreateLogger("Starling.Hosting") ?? NullLogger.Instance;
            Log.HostStops(logger, broker.Completion.Exception);
            Host?.StopApplication();
        }
    }
}
