using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Starling.Client.Core;

namespace Starling.Client.Hosting;

/// <summary>
/// Runs a client for as long as the host runs. Start: the handlers subscribe, then the client connects. Stop: the handlers end, then the
/// client disconnects.
/// </summary>
internal sealed class HostedClient(MqttClient client, HostedClientParts parts, IServiceScopeFactory scopes, ILogger logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _handlers = Task.CompletedTask;
    private Task _connecting = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        (IHostedHandler Handler, Func<CancellationToken, Task> Run)[] handlers =
            [.. parts.Handlers.Select(handler => (handler, handler.Subscribe(client, scopes)))];
        _handlers = Task.WhenAll([.. handlers.Select(entry => RunAsync(entry.Handler.Filter, entry.Run))]);
        _connecting = ConnectAsync(parts.FailsFast ? cancellationToken : _stop.Token);
        if (parts.FailsFast)
        {
            await _connecting.ConfigureAwait(false);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _connecting.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _handlers.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await client.DisconnectAsync(ct: CancellationToken.None).ConfigureAwait(false);
    }

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync(TopicFilter filter, Func<CancellationToken, Task> run)
    {
        try
        {
            await run(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (MqttException cause)
        {
            logger.HandlerOver(cause, filter.Value);
            parts.HandlerFault = cause;
        }
    }

    private async Task ConnectAsync(CancellationToken ct)
    {
        try
        {
            await client.ConnectAsync(ct).ConfigureAwait(false);
        }
        catch (Exception cause) when (!parts.FailsFast && cause is MqttException or OperationCanceledException)
        {
            // The client has logged it, and the health check tells.
        }
    }
}
