namespace Starling.Broker.Ports;

/// <summary>Decides whether a client may connect, by user name and password or whatever else its CONNECT says.</summary>
public interface IAuthenticator
{
    /// <summary>
    /// Decides at once, or returns false and calls <paramref name="completion"/> later from any thread. Called on a loop, so it must
    /// not wait: hashing, files and other services belong elsewhere. Must not throw: refuse instead.
    /// </summary>
    bool TryAuthenticate(AuthenticationRequest request, ICompletion<AuthenticationDecision> completion, out AuthenticationDecision decision);
}
