using Starling.Broker.Diagnostics;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Broker.Connections;

/// <summary>The acknowledgements of both directions: those a client sends for its deliveries, and those it gets for its messages.</summary>
internal sealed class Acknowledging(Shard shard)
{
    public PacketVerdict Receive(BrokerConnection connection, in AcknowledgementPacket packet)
    {
        if (connection.Session is not { } session)
        {
            return PacketVerdict.End;
        }

        bool isRefused = (byte)packet.Reason >= 0x80;
        switch (packet.Type)
        {
            case PacketType.PubAck:
                if (session.Outbox?.Acknowledge(packet.PacketIdentifier, out ulong acknowledged) == OutboxAnswer.Done)
                {
                    Finish(session, acknowledged, isRefused);
                }

                break;
            case PacketType.PubRec:
                ReceivePubRec(connection, session, packet.PacketIdentifier, isRefused);
                break;
            case PacketType.PubComp:
                if (session.Outbox?.Complete(packet.PacketIdentifier, out ulong completed) == OutboxAnswer.Done)
                {
                    Finish(session, completed, false);
                }

                break;
            default:
                ReceivePubRel(connection, session, packet.PacketIdentifier);
                break;
        }

        shard.Deliveries.PumpAfterAnswer(session);
        return PacketVerdict.Continue;
    }

    /// <summary>Sends an acknowledgement when its record is stored; at once when nothing waits before it.</summary>
    public void SendWhenStored(BrokerConnection connection, Ticket ticket, PacketType type, ushort packetIdentifier, ReasonCode reason)
    {
        bool mustWait = ticket.Lsn > shard.Store.CommittedLsn;
        if (!mustWait && connection.Pending is not { Count: > 0 })
        {
            SendNow(connection, type, packetIdentifier, reason);
            return;
        }

        PendingAnswers.Of(connection).AddAcknowledgement(ticket, type, packetIdentifier, reason);
    }

    public void SendNow(BrokerConnection connection, PacketType type, ushort packetIdentifier, ReasonCode reason)
    {
        if (connection.IsDetached)
        {
            return;
        }

        shard.Counters.Replied(connection.Machine.SendAcknowledgement(connection.Output, type, packetIdentifier, reason));

        // An error of PUBREC closes the exchange; one of PUBCOMP says that there was none to close.
        if (type == PacketType.PubAck || (type == PacketType.PubComp && reason == ReasonCode.Success)
            || (type == PacketType.PubRec && (byte)reason >= 0x80))
        {
            connection.Machine.ClosePublish();
        }
    }

    private void ReceivePubRec(BrokerConnection connection, Session session, ushort packetIdentifier, bool isRefused)
    {
        ulong sequence = 0;
        OutboxAnswer answer = session.Outbox?.Receive(packetIdentifier, isRefused, out sequence) ?? OutboxAnswer.Unknown;
        if (answer == OutboxAnswer.Done)
        {
            // A delivery refused by the receiver is over and goes to nobody else [MQTT-4.4.0-2], [MQTT-4.8.2-6].
            Finish(session, sequence, isRefused);
            return;
        }

        if (isRefused)
        {
            return;
        }

        // PUBREC for an unknown identifier is answered with PUBREL 0x92 [U5-40]; 3.x has no code, and a PUBREL ends its exchange too.
        ReasonCode reason = answer == OutboxAnswer.Unknown ? ReasonCode.PacketIdentifierNotFound : ReasonCode.Success;
        Ticket ticket = answer == OutboxAnswer.Released ? shard.Records.Received(session, sequence) : default;

        // PUBREL has the identifier of its PUBREC and follows the order of the PUBRECs [MQTT-4.3.3-4], [MQTT-4.6.0-4].
        SendWhenStored(connection, ticket, PacketType.PubRel, packetIdentifier, reason);
    }

    private void ReceivePubRel(BrokerConnection connection, Session session, ushort packetIdentifier)
    {
        bool isKnown = session.Incoming is { } incoming && incoming.Remove(packetIdentifier);

        // PUBREL for an unknown identifier is answered with PUBCOMP 0x92, not with a close [U5-40].
        ReasonCode reason = isKnown ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound;
        Ticket ticket = isKnown ? shard.Records.Released(session, packetIdentifier) : default;
        SendWhenStored(connection, ticket, PacketType.PubComp, packetIdentifier, reason);
    }

    private void Finish(Session session, ulong sequence, bool isRefused)
    {
        if (isRefused)
        {
            shard.Counters.Drop(DropReason.RefusedByReceiver);
        }

        shard.Records.Finished(session, sequence);
    }
}
