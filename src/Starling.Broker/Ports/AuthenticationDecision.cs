using Starling.Protocol;

namespace Starling.Broker.Ports;

/// <summary>Whether a client may connect. The default value refuses.</summary>
public readonly record struct AuthenticationDecision
{
    private AuthenticationDecision(bool isAllowed, ReasonCode reason)
    {
        IsAllowed = isAllowed;
        Reason = reason;
    }

    /// <summary>Whether the client may connect.</summary>
    public bool IsAllowed { get; }

    /// <summary>The Reason Code of CONNACK.</summary>
    public ReasonCode Reason { get; }

    /// <summary>The client may connect.</summary>
    public static AuthenticationDecision Allow { get; } = new(true, ReasonCode.Success);

    /// <summary>The client may not connect, for a reason of 0x80 or above that CONNACK has.</summary>
    public static AuthenticationDecision Refuse(ReasonCode reason) => new(false, reason);
}
