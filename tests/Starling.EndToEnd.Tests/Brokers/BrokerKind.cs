namespace Starling.EndToEnd.Tests.Brokers;

/// <summary>The broker under test.</summary>
internal enum BrokerKind
{
    /// <summary>The built <c>starling serve</c>.</summary>
    Starling,

    /// <summary>Debian's mosquitto: shows that the tests themselves are right.</summary>
    Mosquitto,
}
