namespace Starling.Conformance.Tests.Scripted;

/// <summary>An enhanced authentication of a connection.</summary>
/// <param name="Method">The Authentication Method that CONNECT named.</param>
internal sealed record Exchange(string Method)
{
    /// <summary>Whether the client's answer is awaited.</summary>
    public bool IsChallenged { get; set; }
}
