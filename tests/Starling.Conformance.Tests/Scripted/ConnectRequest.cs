using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>A CONNECT that is well formed.</summary>
internal sealed record ConnectRequest(string ClientIdentifier, bool CleanStart, int KeepAlive, PropertyList Properties)
{
    public ScriptedWill? Will { get; init; }

    public string? UserName { get; init; }

    public bool WantsExplanations => Properties.Number(PropertyId.RequestProblemInformation, 1) == 1;

    public bool WantsResponseInformation => Properties.Number(PropertyId.RequestResponseInformation, 0) == 1;

    public int ReceiveMaximum => (int)Properties.Number(PropertyId.ReceiveMaximum, ushort.MaxValue);

    /// <summary>Bytes. Where 0 is tolerated, it is no limit.</summary>
    public long MaximumPacketSize =>
        Properties.Number(PropertyId.MaximumPacketSize, uint.MaxValue) is > 0 and long limit ? limit : uint.MaxValue;

    public int TopicAliasMaximum => (int)Properties.Number(PropertyId.TopicAliasMaximum, 0);

    public string? Method => Properties.Text(PropertyId.AuthenticationMethod);

    /// <summary>Seconds that the session outlives the connection.</summary>
    public uint SessionExpiry(MqttVersion version) => version == MqttVersion.V5
        ? (uint)Properties.Number(PropertyId.SessionExpiryInterval, 0)
        : CleanStart ? 0 : uint.MaxValue;
}
