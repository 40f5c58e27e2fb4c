using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>A CONNECT with a Will to the topic w.</summary>
internal sealed record WillCase
{
    public MqttVersion Version { get; init; } = MqttVersion.V5;

    public uint Delay { get; init; }

    public uint Expiry { get; init; }

    public int Qos { get; init; }

    public bool Retain { get; init; }

    public string Payload { get; init; } = "gone";

    public bool CleanStart { get; init; } = true;
}
