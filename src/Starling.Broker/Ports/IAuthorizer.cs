namespace Starling.Broker.Ports;

/// <summary>Decides whether a client may publish to a topic or subscribe to a filter.</summary>
public interface IAuthorizer
{
    /// <summary>
    /// Decides at once, or returns false and calls <paramref name="completion"/> later from any thread: the connection waits, in
    /// order, without blocking the loop. The request is valid during the call only.
    /// Must not throw: refuse instead. An exception is a fault of the host and ends the connection that it was asked about.
    /// </summary>
    bool TryAuthorize(scoped in AuthorizationRequest request, ICompletion<bool> completion, out bool isAllowed);
}
