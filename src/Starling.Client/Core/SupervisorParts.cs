using Microsoft.Extensions.Logging;

namespace Starling.Client.Core;

/// <summary>What a supervisor works with.</summary>
internal sealed record SupervisorParts
{
    public required MqttClientOptions Options { get; init; }

    public required ClientCore Core { get; init; }

    public required ITransportConnector Connector { get; init; }

    public required SettingsBuilder Settings { get; init; }

    public required Random Random { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>The state changed, not by a connection and not for good.</summary>
    public required Action<ConnectionEvent> ChangeState { get; init; }

    /// <summary>A connection is up.</summary>
    public required Action<ServerInfo> Connected { get; init; }

    /// <summary>The run ends: for good, or only because the first connect failed.</summary>
    public required Action<MqttException, bool> GiveUp { get; init; }
}
