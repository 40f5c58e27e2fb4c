using System.Runtime.InteropServices;
using Starling.Broker.Connections;
using Starling.Broker.Messages;
using Starling.Broker.Routing;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Loops;

namespace Starling.Broker.Deliveries;

/// <summary>
/// Messages to the same subscribers at QoS 0, one after the other in one iteration: who they are is found out once, and each message is appended once to
/// what their connections have in common. Any other output of such a connection keeps its place (<see cref="ISharedOutput"/>).
/// </summary>
internal sealed class FanOut(Shard shard)
{
    /// <summary>Fewer get it each by itself as cheaply.</summary>
    private const int TargetsMin = 3;

    private readonly List<int> _others = [];
    private MatchResult? _match;
    private QualityOfService _qos;
    private bool _retain;
    private long _recipientChanges;
    private Members _v3;
    private Members _v5;

    /// <summary>The places among the local targets of those that get the message each by itself.</summary>
    public ReadOnlySpan<int> Others => CollectionsMarshal.AsSpan(_others);

    /// <summary>Sends the message to all but <see cref="Others"/>; false when each has to get it by itself.</summary>
    public bool TrySend(scoped in Message message, MatchResult match, FrameCopies copies)
    {
        bool isMany = match.LocalCount >= TargetsMin && (message.Qos == QualityOfService.AtMostOnce || match.HasManyAtQos0);
        if (!isMany || message.Payload.Length >= MessageStore.OwnBlockBytes || shard.Holds.IsMemorySpent || shard.Loop is not { } loop)
        {
            return false;
        }

        if (!IsFor(message, match))
        {
            Gather(message, match, loop);
        }

        long utcMilliseconds = shard.Now.UtcMilliseconds;
        DeliveryTerms terms = new(QualityOfService.AtMostOnce, false, 0, null);
        ReadOnlySpan<byte> v3 = _v3.Count > 0 ? copies.Get(message, false, terms, utcMilliseconds) : default;
        ReadOnlySpan<byte> v5 = _v5.Count > 0 ? copies.Get(message, true, terms, utcMilliseconds) : default;
        if (v5.Length > _v5.PacketBytesMax)
        {
            return false;
        }

        Append(ref _v3, v3, message.Payload.Length);
        Append(ref _v5, v5, message.Payload.Length);
        loop.SendFullOutputs();
        return true;
    }

    /// <summary>The shared outputs end with the iteration, so who is in them is forgotten.</summary>
    public void Forget() => _match = null;

    private bool IsFor(scoped in Message message, MatchResult match) =>
        _match == match
        && _qos == message.Qos
        && _retain == message.Retain
        && _recipientChanges == shard.RecipientChanges
        && _v3.Output is not { IsOpen: false }
        && _v5.Output is not { IsOpen: false };

    private void Gather(scoped in Message message, MatchResult match, ILoop loop)
    {
        _match = match;
        _qos = message.Qos;
        _retain = message.Retain;
        _recipientChanges = shard.RecipientChanges;
        _v3 = default;
        _v5 = default;
        _others.Clear();
        for (int i = 0; i < match.LocalCount; i++)
        {
            ref readonly LocalTarget target = ref match.Local[i];
            if (IsAlike(target) && target.Session.Connection is { Machine.Phase: ServerConnectionPhase.Connected, Aliases: null } connection
                && connection.Output.PendingBytes <= LocalDeliveries.OutputBytesMax)
            {
                Add(ref connection.IsV5 ? ref _v5 : ref _v3, connection, loop);
            }
            else
            {
                _others.Add(i);
            }
        }
    }

    /// <summary>Whether the target gets the same packet as the others: nothing of its own stands in it.</summary>
    private bool IsAlike(in LocalTarget target)
    {
        Subscription subscription = target.Subscription;
        return target.Overlapping is null
            && (_qos == QualityOfService.AtMostOnce || subscription.MaximumQos == QualityOfService.AtMostOnce)
            && !subscription.NoLocal
            && subscription.SubscriptionIdentifier == 0
            && !(_retain && subscription.RetainAsPublished);
    }

    private static void Add(ref Members members, BrokerConnection connection, ILoop loop)
    {
        if (members.Output is not { } output)
        {
            output = loop.OpenSharedOutput();
            members = new Members { Output = output, PacketBytesMax = uint.MaxValue };
        }

        output.Add(connection.Output);
        members.Count++;
        members.PacketBytesMax = Math.Min(members.PacketBytesMax, connection.Machine.PeerPacketBytesMax);
    }

    private void Append(ref Members members, ReadOnlySpan<byte> packet, int payloadBytes)
    {
        if (members.Output is { } output)
        {
            packet.CopyTo(output.GetSpan(packet.Length));
            output.Advance(packet.Length);
            shard.Counters.SentToMany(members.Count, packet.Length, payloadBytes);
        }
    }

    private struct Members
    {
        public ISharedOutput? Output;
        public int Count;
        public uint PacketBytesMax;
    }
}
