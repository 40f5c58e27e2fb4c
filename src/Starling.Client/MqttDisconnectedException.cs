using Starling.Protocol;

namespace Starling.Client;

/// <summary>A connection that was up is over: the transport failed, the server said DISCONNECT, or it stopped answering.</summary>
public sealed class MqttDisconnectedException : MqttException
{
    internal MqttDisconnectedException(string message, bool isTransient, ReasonCode? reason = null, string? reasonString = null)
        : base(message, isTransient, reason) => ReasonString = reasonString;

    /// <summary>For people; null when absent.</summary>
    public string? ReasonString { get; }

    /// <summary>Another server that this one refers to (0x9C, 0x9D), as it was sent; null when absent. It is followed once.</summary>
    public string? ServerReference { get; internal init; }
}
