using Microsoft.Extensions.Logging;
using Starling.Broker;
using Starling.Broker.Ports;

namespace Starling.Testing;

/// <summary>How a broker for tests is.</summary>
public sealed record MqttTestBrokerOptions
{
    /// <summary>The limits and features of the broker. The defaults are those of a real one.</summary>
    public BrokerOptions Broker { get; init; } = new();

    /// <summary>
    /// The clock of the broker, the connections and the clients; the system's by default. With a FakeTimeProvider (package
    /// Microsoft.Extensions.TimeProvider.Testing) keep alive, expiry and reconnecting take no real time.
    /// </summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether sessions and retained messages outlive <see cref="MqttTestBroker.StopAsync"/> and <see cref="MqttTestBroker.Start()"/>. They are
    /// kept in a temporary folder, which is removed in the end. By default a broker that starts again has forgotten everything.
    /// </summary>
    public bool KeepsState { get; init; }

    /// <summary>Decides who may connect; null: everybody.</summary>
    public IAuthenticator? Authenticator { get; init; }

    /// <summary>Decides who may publish and subscribe to what; null: everybody to everything.</summary>
    public IAuthorizer? Authorizer { get; init; }

    /// <summary>Where broker and clients log; null: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
