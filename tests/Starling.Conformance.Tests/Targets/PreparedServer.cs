using Starling.Broker;
using Starling.Protocol;
using Starling.Storage;

namespace Starling.Conformance.Tests.Targets;

/// <summary>What makes of our broker a server on which every case can be tried.</summary>
internal static class PreparedServer
{
    /// <summary>The rules of access and login, and the Authentication Method.</summary>
    public static BrokerPorts Ports() => new()
    {
        Store = new MemoryStore(),
        Authenticator = new PreparedAuthenticator(),
        EnhancedAuthenticator = new PreparedMethod(),
        Authorizer = new PreparedAuthorizer(),
    };

    /// <summary>Every feature that a server may do without is off.</summary>
    public static BrokerOptions Restricted(QualityOfService maximumQos) => new()
    {
        MaximumQos = maximumQos,
        RetainAvailable = false,
        TopicAliasMaximum = 0,
        WildcardsAvailable = false,
        SharedAvailable = false,
    };
}
