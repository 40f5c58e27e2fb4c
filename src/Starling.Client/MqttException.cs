using Starling.Protocol;

namespace Starling.Client;

/// <summary>Something went wrong that is not the caller's fault.</summary>
public abstract class MqttException : Exception
{
    private protected MqttException(string message, bool isTransient, ReasonCode? reason = null, Exception? cause = null)
        : base(message, cause)
    {
        IsTransient = isTransient;
        Reason = reason;
    }

    /// <summary>Whether the same call may work later.</summary>
    public bool IsTransient { get; }

    /// <summary>What the server said; null when it said nothing.</summary>
    public ReasonCode? Reason { get; }
}
