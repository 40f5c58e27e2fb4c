namespace Starling.Conformance.Running;

/// <summary>What came of a case or a statement.</summary>
internal enum Verdict
{
    /// <summary>It could not be tried on this server; a reason tells why.</summary>
    NotTested,

    /// <summary>The server does as the specification says.</summary>
    Passed,

    /// <summary>The server does not do what the specification advises; it need not.</summary>
    NotAdvised,

    /// <summary>The server breaks the statement.</summary>
    Failed,
}
