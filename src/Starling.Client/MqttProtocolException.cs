using Starling.Protocol;

namespace Starling.Client;

/// <summary>The server broke a rule of MQTT.</summary>
public sealed class MqttProtocolException : MqttException
{
    internal MqttProtocolException(ReasonCode reason, string statement)
        : base($"The server broke {statement} (0x{(byte)reason:X2} {reason}).", isTransient: true, reason) => Statement = statement;

    /// <summary>The statement that it broke, for example MQTT-3.3.1-4.</summary>
    public string Statement { get; }
}
