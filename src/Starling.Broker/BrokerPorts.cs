using Starling.Broker.Ports;

namespace Starling.Broker;

/// <summary>What the broker asks of its surroundings.</summary>
public sealed record BrokerPorts
{
    /// <summary>The durable state.</summary>
    public required IDurableStore Store { get; init; }

    /// <summary>Who may connect; null: everybody, as far as <see cref="BrokerOptions.AllowAnonymous"/> goes.</summary>
    public IAuthenticator? Authenticator { get; init; }

    /// <summary>The methods of enhanced authentication; null: none.</summary>
    public IEnhancedAuthenticator? EnhancedAuthenticator { get; init; }

    /// <summary>Who may publish and subscribe where; null: everybody everywhere.</summary>
    public IAuthorizer? Authorizer { get; init; }
}
