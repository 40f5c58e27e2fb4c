using Starling.Protocol;

namespace Starling.Conformance.Wire;

/// <summary>The fields of a well-formed CONNECT that a case chooses.</summary>
/// <param name="Version">The version to speak.</param>
/// <param name="ClientIdentifier">May be empty.</param>
internal sealed record ConnectFields(MqttVersion Version, string ClientIdentifier)
{
    /// <summary>Clean Start of 5.0, Clean Session of 3.x.</summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>Seconds; 0: never.</summary>
    public int KeepAlive { get; init; }

    /// <summary>Property entries of 5.0, without their length; not written in 3.x.</summary>
    public byte[] Properties { get; init; } = [];

    public WireWill? Will { get; init; }

    public string? UserName { get; init; }

    public byte[]? Password { get; init; }

    /// <summary>The same client with a session that outlives the connection: Clean Start 0, in 5.0 with a Session Expiry Interval.</summary>
    public ConnectFields Persistent(uint expirySeconds = 600) =>
        this with { CleanStart = false, Properties = [.. Properties, .. Property.SessionExpiryInterval(expirySeconds)] };
}
