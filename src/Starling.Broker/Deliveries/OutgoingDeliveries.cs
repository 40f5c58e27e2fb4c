using Starling.Broker.Connections;
using Starling.Broker.Diagnostics;
using Starling.Broker.Messages;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Broker.Deliveries;

/// <summary>Moves what waits in a session to its connection, as far as Receive Maximum and the output allow.</summary>
internal sealed class OutgoingDeliveries(Shard shard)
{
    /// <summary>Whether one more QoS 1 or 2 delivery may begin [MQTT-3.3.4-9], [MQTT-4.9.0-2].</summary>
    public bool CanSend(BrokerConnection connection, Outbox outbox) =>
        outbox.OpenOnConnection < connection.SendWindow
        && !outbox.WindowIsSpent
        && connection.Machine.Phase == ServerConnectionPhase.Connected
        && connection.Output.PendingBytes <= LocalDeliveries.OutputBytesMax;

    public void Pump(Session session)
    {
        if (session.Connection is { } connection)
        {
            Pump(connection);
        }
    }

    /// <summary>An answer of the client may have made room; most of the time nothing waits for it.</summary>
    public void PumpAfterAnswer(Session session)
    {
        if (session.Outbox is { HasUnsent: true } || session.RetainedBacklogs is not null)
        {
            Pump(session);
        }
    }

    /// <summary>Sends from the outbox, then retained messages that wait for room.</summary>
    public void Pump(BrokerConnection connection)
    {
        if (connection.Session is not { } session || connection.Machine.Phase != ServerConnectionPhase.Connected)
        {
            return;
        }

        if (session.Outbox is { } outbox)
        {
            while (outbox.HasUnsent && SendNext(connection, session, outbox))
            {
            }
        }

        if (session.RetainedBacklogs is not null)
        {
            shard.Retained.Pump(connection, session);
        }
    }

    /// <summary>Sends a PUBLISH whose topic the client knows, or learns, by an alias.</summary>
    public bool SendWithAlias(
        BrokerConnection connection, ref Message message, scoped in DeliveryTerms terms, ushort packetIdentifier, bool isDuplicate)
    {
        PublishPacket packet = FrameCopies.PacketFor(message, connection.IsV5, terms, shard.Now.UtcMilliseconds);
        uint single = terms.Identifier;
        FrameCopies.SetIdentifiers(ref packet, connection.IsV5, terms, ref single);
        packet.PacketIdentifier = packetIdentifier;
        packet.Duplicate = isDuplicate;
        if (packet.GetByteCount(connection.Machine.Version) + 3 > connection.Machine.PeerPacketBytesMax)
        {
            if (packet.GetByteCount(connection.Machine.Version) > connection.Machine.PeerPacketBytesMax)
            {
                return false;
            }
        }
        else if (connection.Aliases is { } aliases)
        {
            // No alias above the client's maximum [MQTT-3.1.2-26], and none at all when it takes none [MQTT-3.1.2-27].
            packet.TopicAlias = aliases.Get(message.Topic, out bool isKnown);
            packet.Topic = isKnown ? default : packet.Topic;
        }

        Write(connection, packet, message);
        return true;
    }

    /// <summary>The payload of a large stored message is sent from where it is.</summary>
    private void Write(BrokerConnection connection, scoped in PublishPacket packet, scoped in Message message)
    {
        MqttVersion version = connection.Machine.Version;
        int count = packet.GetByteCount(version);
        if (message.Payload.Length >= MessageStore.OwnBlockBytes && !message.Stored.IsNone)
        {
            shard.Messages.AddReference(message.Stored);
            Span<byte> head = connection.Output.GetSpan(count - message.Payload.Length);
            connection.Output.Advance(packet.WriteWithoutPayload(head, version));
            connection.Output.Append(shard.Messages.BlockOf(message.Stored), message.Stored.PayloadOffset(message.Payload.Length), message.Payload.Length);
        }
        else
        {
            connection.Output.Advance(packet.Write(connection.Output.GetSpan(count), version));
        }

        shard.Counters.Sent(count, message.Payload.Length);
    }

    /// <summary>Handles the next unsent delivery; false when it has to wait.</summary>
    private bool SendNext(BrokerConnection connection, Session session, Outbox outbox)
    {
        ref OutboxEntry entry = ref outbox.Next(out ulong sequence);
        ushort packetIdentifier = Outbox.PacketIdentifierOf(sequence);
        if (entry.State == OutboxState.Released)
        {
            // An exchange past PUBREC goes on with PUBREL, never with PUBLISH again [MQTT-4.3.3-6], [MQTT-4.4.0-1].
            shard.Counters.Replied(connection.Machine.SendAcknowledgement(connection.Output, PacketType.PubRel, packetIdentifier, ReasonCode.Success));
            outbox.MarkSent();
            return true;
        }

        // A QoS 2 copy leaves after its commit, and holds what follows it.
        if (!CanSend(connection, outbox) || entry.IsPending || MustRecordSending(connection, session, entry, sequence))
        {
            return false;
        }

        if (entry.Message.IsElsewhere)
        {
            shard.Backlogs.Load(session, outbox);
            return false;
        }

        Message message = shard.Messages.Read(entry.Message);
        if (!entry.WasSent && message.ExpiresAtUtcMilliseconds <= shard.Now.UtcMilliseconds)
        {
            // A copy that was not begun before its time was over is not sent any more [MQTT-3.3.2-5].
            Skip(session, outbox, sequence, DropReason.Expired);
            return true;
        }

        DeliveryTerms terms = new(entry.Qos, entry.Retain, entry.Identifier, outbox.IdentifiersOf(sequence));

        // DUP tells only that this delivery is a repetition [MQTT-3.3.1-1], [MQTT-3.3.1-3].
        if (!SendWithAlias(connection, ref message, terms, packetIdentifier, entry.WasSent))
        {
            Skip(session, outbox, sequence, DropReason.PacketTooLarge);
            return true;
        }

        outbox.MarkSent();
        outbox.DropIfStored(sequence);
        return true;
    }

    /// <summary>
    /// A shared QoS 2 message that was sent goes to no other member when its session ends [MQTT-4.8.2-5], also if that is after a crash: so the store knows
    /// of the sending before the client does.
    /// </summary>
    private bool MustRecordSending(BrokerConnection connection, Session session, in OutboxEntry entry, ulong sequence)
    {
        if (!shard.Messages.IsBacked || !entry.IsShared || entry.Qos != QualityOfService.ExactlyOnce || entry.WasSent
            || entry.IsKnownAsSent || !session.IsRecorded)
        {
            return false;
        }

        if (session.SentRecordedBelow <= sequence && session.Outbox is { } outbox)
        {
            // For all that the window has room for at once.
            ulong below = Math.Min(outbox.NextSequence, sequence + (ulong)Math.Max(1, connection.SendWindow - outbox.OpenOnConnection));
            ulong lsn = shard.Records.Sent(session, below, isAwaited: true);
            session.MakeStored().SentLsn = lsn;
            PumpWhenStored(session, lsn);
        }

        return session.Stored?.SentLsn > shard.Store.CommittedLsn;
    }

    // Apart, so that only what waits makes a closure.
    private void PumpWhenStored(Session session, ulong lsn) => shard.Records.WhenStored(lsn, () => Pump(session));

    private void Skip(Session session, Outbox outbox, ulong sequence, DropReason reason)
    {
        shard.Counters.Drop(reason);
        outbox.SkipNext();
        shard.Records.Finished(session, sequence);
    }
}
