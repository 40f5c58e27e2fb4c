using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>A connection that is up, as publishing threads see it.</summary>
internal sealed class LiveLink(long generation, ServerLimits limits, bool usesTopicAliases)
{
    /// <summary>Counts the connections.</summary>
    public long Generation => generation;

    /// <summary>What the server takes.</summary>
    public ServerLimits Limits { get; } = limits;

    /// <summary>The Topic Aliases of QoS 0 packets. Under the lock of the mailbox.</summary>
    public OutgoingAliases Aliases { get; } = usesTopicAliases ? OutgoingAliases.ForEncoded(limits) : OutgoingAliases.None;
}
