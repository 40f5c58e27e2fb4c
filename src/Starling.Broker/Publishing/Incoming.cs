using Starling.Broker.Connections;
using Starling.Broker.Diagnostics;
using Starling.Broker.Messages;
using Starling.Broker.Ports;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Broker.Publishing;

/// <summary>
/// A PUBLISH on its way in: held back or not, seen before or not, allowed or not; then its canonical form is made and routed, and its
/// acknowledgement is sent or waits.
/// </summary>
internal sealed class Incoming(Shard shard)
{
    private byte[] _properties = new byte[256];

    public PacketVerdict Receive(BrokerConnection connection, in PublishPacket packet, in PacketFrame frame)
    {
        if (shard.Holds.MustPark(connection) || shard.Holds.MustBegin())
        {
            return shard.Holds.Park(connection, frame, packet.Topic);
        }

        return Take(connection, packet, frame);
    }

    /// <summary>Takes a message that is not held back, or no longer.</summary>
    public PacketVerdict Take(BrokerConnection connection, in PublishPacket packet, in PacketFrame frame)
    {
        if (connection.Session is not { } session)
        {
            return PacketVerdict.End;
        }

        if (packet.Qos == QualityOfService.ExactlyOnce && IsKnown(connection, session, packet.PacketIdentifier))
        {
            return PacketVerdict.Continue;
        }

        if (!TryAuthorize(connection, packet, out bool isAllowed))
        {
            return PacketVerdict.Retry;
        }

        shard.Counters.PublishReceived++;
        shard.Counters.PublishBytesReceived += packet.Payload.Length;
        if (!isAllowed)
        {
            shard.Counters.Drop(DropReason.NotAuthorized);
            shard.Log.PublishRefused(connection, packet.Topic);

            // 3.x has no code for it and acknowledges as if all were well [MQTT311-3.3.5-2].
            Answer(connection, packet, default, connection.IsV5 ? ReasonCode.NotAuthorized : ReasonCode.Success);
            return PacketVerdict.Continue;
        }

        Message message = Canonical(session.Number, connection.IsV5, packet, frame);
        Publish(connection, session, packet, ref message);

        // Publishing may have paused the connection: too many answers wait.
        return shard.IsWorkSpent(connection) || connection.IsPaused ? PacketVerdict.Pause : PacketVerdict.Continue;
    }

    /// <summary>What the broker says about itself, or what stands for nobody any more.</summary>
    public void PublishOwn(ref Message message)
    {
        MessageOrigin origin = default;
        if (message.Retain && !shard.Retained.TryKeep(ref message, ref origin))
        {
            shard.Counters.Drop(DropReason.RetainedQuota);
        }

        shard.Router.Publish(ref message, origin, null);
    }

    /// <summary>The canonical form of a QoS 0 message whose publisher is gone.</summary>
    public Message WithoutConnection(Session publisher, scoped in PublishPacket packet) => Canonical(publisher.Number, false, packet, default);

    /// <summary>What the broker says about itself is said by nobody else.</summary>
    public static bool IsReserved(ReadOnlySpan<byte> topic) => topic.StartsWith("$SYS/"u8);

    private void Publish(BrokerConnection connection, Session session, in PublishPacket packet, ref Message message)
    {
        MessageOrigin origin = new(session.Epoch, packet.PacketIdentifier, 0);
        if (message.Retain && !shard.Retained.TryKeep(ref message, ref origin))
        {
            shard.Counters.Drop(DropReason.RetainedQuota);
            if (connection.IsV5 && packet.Qos != QualityOfService.AtMostOnce)
            {
                // The publisher can be told, so the message is refused whole.
                Answer(connection, packet, default, ReasonCode.QuotaExceeded);
                return;
            }
        }

        PublishOutcome outcome = shard.Router.Publish(ref message, origin, session);
        if (packet.Qos == QualityOfService.AtMostOnce)
        {
            return;
        }

        Ticket ticket = outcome.Ticket;
        if (packet.Qos == QualityOfService.ExactlyOnce)
        {
            session.Incoming ??= new IncomingIdentifiers();
            ticket = ticket.IsNone ? shard.Records.Incoming(session, packet.PacketIdentifier) : ticket;
            session.Incoming.TryAdd(packet.PacketIdentifier, ticket.Lsn);
        }

        // Ownership first, acknowledgement second: the answer says that the server has taken the message [MQTT-4.3.2-4], [MQTT-4.3.3-8].
        Answer(connection, packet, ticket, outcome.IsMatched ? ReasonCode.Success : ReasonCode.NoMatchingSubscribers);
    }

    /// <summary>Answers the repetition of an identifier that has not been released, without delivering again [MQTT-4.3.3-10].</summary>
    private bool IsKnown(BrokerConnection connection, Session session, ushort packetIdentifier)
    {
        if (session.Incoming is not { } incoming || !incoming.Contains(packetIdentifier, out ulong lsn))
        {
            return false;
        }

        // The repetition takes no further place in the window; its answer joins the wait of the first.
        connection.Machine.ClosePublish();
        Ticket ticket = lsn == LateTicket.Unknown ? FindLate(session, packetIdentifier) : new Ticket(lsn);
        shard.Acknowledging.SendWhenStored(connection, ticket, PacketType.PubRec, packetIdentifier, ReasonCode.Success);
        return true;
    }

    // Apart, so that only what looks for one makes a closure.
    private static Ticket FindLate(Session session, ushort packetIdentifier)
    {
        Gather? gather = session.Stored?.Gathers?.FirstOrDefault(one => one.Publisher == session && one.Origin.PacketIdentifier == packetIdentifier);
        return gather is null ? default : new Ticket(gather.Ticket);
    }

    private void Answer(BrokerConnection connection, in PublishPacket packet, Ticket ticket, ReasonCode reason)
    {
        if (packet.Qos != QualityOfService.AtMostOnce)
        {
            PacketType type = packet.Qos == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec;
            shard.Acknowledging.SendWhenStored(connection, ticket, type, packet.PacketIdentifier, reason);
        }
    }

    private bool TryAuthorize(BrokerConnection connection, in PublishPacket packet, out bool isAllowed)
    {
        isAllowed = !IsReserved(packet.Topic);
        if (!isAllowed || shard.Engine.Ports.Authorizer is null)
        {
            return true;
        }

        return shard.Authorizing.TryDecide(connection, AuthorizationAction.Publish, packet.Topic, 0, out isAllowed);
    }

    private Message Canonical(ulong publisher, bool isV5, scoped in PublishPacket packet, scoped in PacketFrame frame)
    {
        ReadOnlySpan<byte> properties = packet.Properties;
        bool isAsReceived = packet.IsForwardableAsReceived;
        if (!isAsReceived)
        {
            if (_properties.Length < properties.Length)
            {
                _properties = new byte[properties.Length];
            }

            properties = _properties.AsSpan(0, PropertyBlock.CopyForwarded(properties, _properties));
        }

        bool mayPass = packet.Qos == QualityOfService.AtMostOnce && !packet.Retain && isAsReceived && frame.IsShortestLength;
        return new Message
        {
            Topic = packet.Topic,
            Properties = properties,
            Payload = packet.Payload,
            Qos = packet.Qos,
            Retain = packet.Retain,
            ExpiresAtUtcMilliseconds = packet.MessageExpiryIntervalSeconds is { } seconds
                ? shard.Now.UtcMilliseconds + (seconds * 1000L)
                : long.MaxValue,
            Publisher = publisher,
            Frame = mayPass ? frame.Bytes : default,
            FrameIsV5 = isV5,
        };
    }
}
