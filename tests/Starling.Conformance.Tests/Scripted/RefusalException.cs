using Starling.Protocol;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>The client broke a rule, or is not let in: the connection ends with this reason.</summary>
internal sealed class RefusalException(ReasonCode reason) : Exception($"refused with {(int)reason:X2}")
{
    public ReasonCode Reason { get; } = reason;

    /// <summary>Whether a fault lets the connection go on all the same.</summary>
    public bool IsConnectionKept { get; init; }
}
