using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>The properties that a client may send, each with a value that no server has reason to refuse.</summary>
internal static class ClientProperties
{
    private const int PlentyBytes = 100_000;

    /// <summary>The packets of a client that have properties; <see cref="WirePropertyTable.Will"/> stands for the Will Properties.</summary>
    public static IReadOnlyList<PacketType> Packets { get; } =
    [
        PacketType.Connect, WirePropertyTable.Will, PacketType.Publish, PacketType.PubAck, PacketType.PubRec, PacketType.PubRel,
        PacketType.PubComp, PacketType.Subscribe, PacketType.Unsubscribe, PacketType.Disconnect, PacketType.Auth,
    ];

    /// <summary>What the packet is called in the name of a case.</summary>
    public static string NameOf(PacketType packet) =>
        packet == WirePropertyTable.Will ? "the Will Properties" : packet.ToString().ToUpperInvariant();

    /// <summary>The properties that a client may put in the packet.</summary>
    public static IEnumerable<PropertyId> AllowedIn(PacketType packet) => WirePropertyTable.All.Where(id =>
        WirePropertyTable.IsAllowed(id, packet)
        && (id, packet) is not ((PropertyId.SubscriptionIdentifier, PacketType.Publish) or (PropertyId.ServerReference, PacketType.Disconnect)));

    /// <summary>Those of them that this server takes without more ado, each once; authentication is a matter of its own.</summary>
    public static IEnumerable<PropertyId> UsableIn(PacketType packet, ServerProfile server) => AllowedIn(packet).Where(id => id switch
    {
        PropertyId.TopicAlias => server.TopicAliasMaximum > 0,
        PropertyId.SubscriptionIdentifier => server.SubscriptionIdentifiersAvailable,
        PropertyId.AuthenticationMethod or PropertyId.AuthenticationData => false,
        _ => true,
    });

    /// <summary>One entry with a good value.</summary>
    public static byte[] Good(PropertyId id, PacketType packet) => (id, packet) switch
    {
        (PropertyId.MaximumPacketSize, _) => Property.MaximumPacketSize(PlentyBytes),

        // The session of the client ends with the connection, and DISCONNECT may not change that.
        (PropertyId.SessionExpiryInterval, PacketType.Disconnect) => Property.SessionExpiryInterval(0),
        (PropertyId.MessageExpiryInterval, _) => Property.MessageExpiryInterval(60),
        (PropertyId.AuthenticationMethod, _) => Property.Text(id, Preparation.Method),
        (PropertyId.WillDelayInterval, _) => Property.WillDelayInterval(0),
        _ => Property.Sample(id),
    };

    /// <summary>All usable ones in a row.</summary>
    public static byte[] AllGood(PacketType packet, ServerProfile server) =>
        [.. UsableIn(packet, server).SelectMany(id => Good(id, packet))];
}
