using Starling.Protocol;

namespace Starling.Client;

/// <summary>A server could not be connected to.</summary>
public sealed class MqttConnectException : MqttException
{
    internal MqttConnectException(ConnectStage stage, string message, Exception? cause = null, ReasonCode? reason = null)
        : base(message, isTransient: true, reason, cause) => Stage = stage;

    /// <summary>How far it came.</summary>
    public ConnectStage Stage { get; }
}
