using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Starling.Client.Hosting;

/// <summary>Whether a client is connected.</summary>
internal sealed class ConnectionHealthCheck(MqttClient client, HostedClientParts parts) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(context));

    private HealthCheckResult Check(HealthCheckContext context)
    {
        ConnectionState state = client.State;
        string server = client.Server?.Address.Authority ?? "no server yet";
        if (parts.HandlerFault is { } fault && state == ConnectionState.Connected)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"A handler gets no messages: {fault.Message}", fault);
        }

        return state switch
        {
            ConnectionState.Connected => HealthCheckResult.Healthy($"Connected to {server}."),
            ConnectionState.Connecting or ConnectionState.Reconnecting => HealthCheckResult.Degraded($"{state} ({server})."),
            _ => new HealthCheckResult(context.Registration.FailureStatus, $"{state} ({server})."),
        };
    }
}
