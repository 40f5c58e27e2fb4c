using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Wire;

/// <summary>The fields of CONNECT that tests choose.</summary>
internal sealed record ConnectFields(Level Level, string ClientIdentifier)
{
    public bool CleanStart { get; init; } = true;

    public int KeepAliveSeconds { get; init; }

    /// <summary>Property entries of 5.0, without their length.</summary>
    public byte[] Properties { get; init; } = [];

    /// <summary>Topic, payload, QoS and retain flag; null for none.</summary>
    public Message? Will { get; init; }

    public static ConnectFields New(Level level) => new(level, ForeignClients.NewName("w-"));

    /// <summary>The same client with a session that outlives the connection.</summary>
    public ConnectFields Persistent() =>
        this with { CleanStart = false, Properties = [.. Properties, .. Property.SessionExpiryInterval(600)] };
}
