using Starling.Protocol;

namespace Starling.Crash.Clients;

/// <summary>How one client connects, every time.</summary>
internal sealed record ClientProfile(string Name, MqttVersion Version)
{
    /// <summary>The most deliveries that it takes unacknowledged; 0: it does not say. 5.0 only.</summary>
    public int ReceiveMaximum { get; init; }

    /// <summary>The most messages that it sends unacknowledged.</summary>
    public int Window { get; init; } = 16;

    /// <summary>How many acknowledgements of deliveries it keeps back while a load runs.</summary>
    public int Lag { get; init; }
}
