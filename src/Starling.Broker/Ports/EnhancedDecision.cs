using Starling.Protocol;

namespace Starling.Broker.Ports;

/// <summary>One step of an enhanced authentication.</summary>
/// <param name="Reason">Success ends the exchange well, ContinueAuthentication asks for more, 0x80 and above refuses.</param>
/// <param name="Data">The Authentication Data for the client; may be empty.</param>
public readonly record struct EnhancedDecision(ReasonCode Reason, ReadOnlyMemory<byte> Data)
{
    /// <summary>The client is who it says.</summary>
    public static EnhancedDecision Success(ReadOnlyMemory<byte> data = default) => new(ReasonCode.Success, data);

    /// <summary>The client must answer this challenge.</summary>
    public static EnhancedDecision Challenge(ReadOnlyMemory<byte> data) => new(ReasonCode.ContinueAuthentication, data);

    /// <summary>The client is refused.</summary>
    public static EnhancedDecision Refuse(ReasonCode reason = ReasonCode.NotAuthorized) => new(reason, default);
}
