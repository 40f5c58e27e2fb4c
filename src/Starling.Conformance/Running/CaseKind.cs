namespace Starling.Conformance.Running;

/// <summary>What a case costs, which decides when it runs.</summary>
internal enum CaseKind
{
    /// <summary>It is over as soon as the server has answered.</summary>
    Quick,

    /// <summary>It waits for a deadline of the protocol: all such cases run side by side.</summary>
    Timed,

    /// <summary>It sends very much: such cases run one after the other, when all others are done.</summary>
    Bulk,
}
