namespace Starling.Broker.Ports;

/// <summary>One or more methods of enhanced authentication (5.0): an exchange of AUTH packets, at CONNECT and again later.</summary>
public interface IEnhancedAuthenticator
{
    /// <summary>
    /// Begins an exchange, or returns null when the method is not supported. Called for CONNECT and for each re-authentication.
    /// </summary>
    IEnhancedExchange? Begin(AuthenticationRequest request);
}
