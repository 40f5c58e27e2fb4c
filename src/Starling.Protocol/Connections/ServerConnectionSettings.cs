namespace Starling.Protocol.Connections;

/// <summary>What a server allows on each connection; shared by all of them.</summary>
public sealed record ServerConnectionSettings
{
    /// <summary>The largest packet taken, in bytes.</summary>
    public int PacketBytesMax { get; init; } = 2 << 20;

    /// <summary>The most open QoS 1 and 2 PUBLISH packets of a 5.0 client, 1 to 65535.</summary>
    public int ReceiveMaximum { get; init; } = 512;

    /// <summary>The highest topic alias a client may use; 0: none.</summary>
    public int TopicAliasMaximum { get; init; } = 64;

    /// <summary>The most levels of a Topic Name.</summary>
    public int TopicLevelsMax { get; init; } = 200;

    /// <summary>The highest QoS a client may publish with.</summary>
    public QualityOfService MaximumQos { get; init; } = QualityOfService.ExactlyOnce;

    /// <summary>Whether a client may publish with RETAIN 1.</summary>
    public bool RetainAvailable { get; init; } = true;
}
