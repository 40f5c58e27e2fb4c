using Microsoft.Extensions.Logging;
using Starling.Broker.Ports;

namespace Starling.Hosting;

/// <summary>What a program gives to the broker that it starts; everything may be left out.</summary>
public sealed record StarlingServices
{
    /// <summary>Where the broker logs; null: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Decides who may connect; null: anonymous clients, as <see cref="StarlingOptions.AllowAnonymous"/> says.</summary>
    public IAuthenticator? Authenticator { get; init; }

    /// <summary>Conducts the AUTH exchange of 5.0; null: none is offered.</summary>
    public IEnhancedAuthenticator? EnhancedAuthenticator { get; init; }

    /// <summary>Decides who may publish and subscribe to what; null: everybody to everything.</summary>
    public IAuthorizer? Authorizer { get; init; }

    /// <summary>Keeps durable state; null: in memory.</summary>
    public IDurableStore? Store { get; init; }

    /// <summary>Clock and timers of the program; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
