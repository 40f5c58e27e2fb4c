namespace Starling.Protocol;

/// <summary>The peer's fault, as a value: what to answer and which statement was broken. The default value means no violation.</summary>
/// <param name="Reason">The Reason Code that 5.0 has for it; 3.x closes, or uses its own CONNACK code.</param>
/// <param name="Statement">The id of the broken statement, as docs/spec writes it.</param>
public readonly record struct ProtocolViolation(ReasonCode Reason, string? Statement)
{
    /// <summary>Whether there is no violation.</summary>
    public bool IsNone => Statement is null;
}
