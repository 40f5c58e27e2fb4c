using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>
/// Sends a session's QoS 1 and QoS 2 messages over one connection: redelivery first, then new ones, within the send quota, and the
/// acknowledgements of the server.
/// </summary>
internal sealed class OutgoingFlow(
    ClientSession session, IConnectionOutput output, ServerLimits limits, ClientConnectionSettings settings, long connection)
{
    // Above this much unsent output the rest waits in the session, where it costs no second copy.
    private const int OutputBytesHigh = 256 * 1024;

    // The send quota begins at the peer's Receive Maximum at most [MQTT-4.9.0-1].
    private readonly int _quota = Math.Min(limits.ReceiveMaximum, settings.SendWindowMessages);

    private readonly AcknowledgementWriter _acknowledgements = new(output, limits.Version, limits.MaximumPacketBytes);

    // A new connection has no aliases, so what is sent again begins with its full topic [MQTT-3.3.2-7].
    private readonly OutgoingAliases _aliases = settings.UsesTopicAliases ? OutgoingAliases.ForAcknowledged(limits) : OutgoingAliases.None;

    // What was open when the last connection ended goes first, in its first order, with its identifiers [MQTT-4.4.0-1]
    // [MQTT-4.6.0-1] [MQTT311-4.4.0-1] [MQTT311-4.6.0-1].
    private OutgoingMessage? _redeliverNext = session.FirstPublished;
    private int _used;

    /// <summary>
    /// The first of a resumed session: every PUBREL again, in the order of the PUBRECs [MQTT-4.6.0-4], and in place of its PUBLISH
    /// [MQTT-4.3.3-6]. The send quota is for PUBLISH alone [MQTT-3.3.4-8].
    /// </summary>
    public void ResendReleased()
    {
        for (OutgoingMessage? message = session.FirstReleased; message is not null; message = message.Next)
        {
            SendRelease(message);
        }
    }

    /// <summary>PUBREL, unless the owner holds it.</summary>
    public void SendRelease(OutgoingMessage message)
    {
        if (!message.IsReleaseHeld)
        {
            _acknowledgements.Write(PacketType.PubRel, message.PacketIdentifier, ReasonCode.Success);
        }
    }

    /// <summary>Sends what quota and output allow. Returns whether anything was written.</summary>
    public bool Send<TEffects>(in Instant now, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        bool isWritten = false;
        while (_redeliverNext is { } message && HasRoom)
        {
            _redeliverNext = message.Next;
            if (TryWrite(message, isDuplicate: true, now, ref effects))
            {
                isWritten = true;
            }
            else
            {
                session.Close(message);
            }
        }

        while (_redeliverNext is null && HasRoom && session.TryPeekWaiting(out OutgoingMessage? message))
        {
            if (message.ExpiresAtUtcMilliseconds <= now.UtcMilliseconds)
            {
                session.DropWaiting();
                effects.Expired(message);
            }
            else if (Check(message, now, out int _) is var reason && reason != ReasonCode.Success)
            {
                session.DropWaiting();
                effects.NotSent(message, reason);
            }
            else if (session.TryOpenWaiting())
            {
                isWritten |= TryWrite(message, isDuplicate: false, now, ref effects);
            }
            else
            {
                break;
            }
        }

        return isWritten;
    }

    /// <summary>PUBACK, PUBREC or PUBCOMP arrived.</summary>
    public ProtocolViolation Acknowledged<TEffects>(scoped in AcknowledgementPacket packet, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (!session.TryFind(packet.PacketIdentifier, out OutgoingMessage? message))
        {
            if (session.IsInUse(packet.PacketIdentifier))
            {
                // The identifier belongs to a SUBSCRIBE or UNSUBSCRIBE, not to a PUBLISH [MQTT-2.2.1-5].
                return new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-2.2.1-5");
            }

            // An unknown PUBREC is answered, so that the server can end its exchange [U5-40]; other unknown ones have no answer.
            if (packet.Type == PacketType.PubRec && packet.Reason < ReasonCode.UnspecifiedError)
            {
                _acknowledgements.Write(PacketType.PubRel, packet.PacketIdentifier, ReasonCode.PacketIdentifierNotFound);
            }

            return default;
        }

        return packet.Type switch
        {
            PacketType.PubAck => OnPubAck(message, packet, ref effects),
            PacketType.PubRec => OnPubRec(message, packet, ref effects),
            _ => OnPubComp(message, packet, ref effects),
        };
    }

    // At quota zero no more PUBLISH leaves [MQTT-4.9.0-2] [MQTT-3.3.4-7]; other packets do not ask [MQTT-3.3.4-8].
    private bool HasRoom => _used < _quota && output.PendingBytes < OutputBytesHigh;

    private ProtocolViolation OnPubAck<TEffects>(OutgoingMessage message, scoped in AcknowledgementPacket packet, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (message.Qos != QualityOfService.AtLeastOnce)
        {
            return new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-3.3.4-1");
        }

        Complete(message, packet.Reason, packet, ref effects);
        return default;
    }

    private ProtocolViolation OnPubRec<TEffects>(OutgoingMessage message, scoped in AcknowledgementPacket packet, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (message.Qos != QualityOfService.ExactlyOnce)
        {
            return new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-3.3.4-1");
        }

        if (packet.Reason >= ReasonCode.UnspecifiedError)
        {
            // A refused message is not sent again, and no PUBREL follows [MQTT-4.4.0-2] [MQTT-4.3.3-4].
            Complete(message, packet.Reason, packet, ref effects);
            return default;
        }

        if (message.State == OutgoingState.Published)
        {
            SkipRedelivery(message);
            session.Release(message);
            message.ReceivedReason = packet.Reason;
            if (message.AwaitsRelease)
            {
                message.IsReleaseHeld = true;
                effects.Received(message, packet.Reason);
            }
        }

        // PUBREL answers at once, or in the order in which the owner was told, so PUBRELs leave in the order of the PUBRECs
        // [MQTT-4.6.0-4] [MQTT-4.3.3-4].
        SendRelease(message);
        return default;
    }

    private ProtocolViolation OnPubComp<TEffects>(OutgoingMessage message, scoped in AcknowledgementPacket packet, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (message.State != OutgoingState.Released)
        {
            return new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-4.3.3-11");
        }

        // 0x92 means that the server has ended the exchange before: the outcome is that of PUBREC.
        Complete(message, message.ReceivedReason, packet, ref effects);
        return default;
    }

    private void Complete<TEffects>(OutgoingMessage message, ReasonCode reason, scoped in AcknowledgementPacket packet, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        SkipRedelivery(message);
        FreeQuota(message);
        session.Close(message);
        effects.Completed(message, reason, packet);
    }

    // Answered before it was sent again.
    private void SkipRedelivery(OutgoingMessage message)
    {
        if (ReferenceEquals(_redeliverNext, message))
        {
            _redeliverNext = message.Next;
        }
    }

    private void FreeQuota(OutgoingMessage message)
    {
        if (message.QuotaConnection == connection)
        {
            _used--;
        }
    }

    private ReasonCode Check(OutgoingMessage message, in Instant now, out int packetBytes)
    {
        packetBytes = BuildPublish(message, isDuplicate: false, now).GetByteCount(limits.Version);
        return limits.Check(message.Qos, message.Retain, packetBytes);
    }

    private bool TryWrite<TEffects>(OutgoingMessage message, bool isDuplicate, in Instant now, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        ReasonCode reason = Check(message, now, out int packetBytes);
        if (reason != ReasonCode.Success)
        {
            effects.NotSent(message, reason);
            return false;
        }

        PublishPacket packet = BuildPublish(message, isDuplicate, now);
        if (packetBytes + OutgoingAliases.ExtraBytesMax <= limits.MaximumPacketBytes)
        {
            packet.TopicAlias = _aliases.Use(message.Topic, out bool isKnown);
            packet.Topic = isKnown ? default : packet.Topic;
        }

        output.Advance(packet.Write(output.GetSpan(packetBytes + OutgoingAliases.ExtraBytesMax), limits.Version));
        message.QuotaConnection = connection;
        _used++;
        return true;
    }

    // A first send has DUP 0 [MQTT-4.3.2-2] [MQTT-4.3.3-2], a redelivery DUP 1 and the identifier of the first [MQTT-3.3.1-1].
    private PublishPacket BuildPublish(OutgoingMessage message, bool isDuplicate, in Instant now)
    {
        bool isV5 = limits.Version == MqttVersion.V5;
        return new PublishPacket
        {
            Duplicate = isDuplicate,
            Qos = message.Qos,
            Retain = message.Retain,
            Topic = message.Topic.Span,
            PacketIdentifier = message.PacketIdentifier,
            Properties = isV5 ? message.Properties.Span : default,
            MessageExpiryIntervalSeconds = isV5 ? RemainingSeconds(message, now) : null,
            Payload = message.Payload.Span,
        };
    }

    // What was sent once is sent again even when it has expired meanwhile, because its identifier is owed. Some servers take an interval
    // of 0 for none, so the last one is 1.
    private static uint? RemainingSeconds(OutgoingMessage message, in Instant now) => message.ExpiresAtUtcMilliseconds is { } end
        ? (uint)Math.Clamp((end - now.UtcMilliseconds + 999) / 1000, 1, uint.MaxValue)
        : null;
}
