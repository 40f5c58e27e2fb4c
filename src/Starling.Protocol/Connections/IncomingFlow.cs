using Starling.Protocol.Packets;
using Starling.Protocol.Topics;

namespace Starling.Protocol.Connections;

/// <summary>
/// Takes the server's messages on one connection: Topic Aliases, Receive Maximum, QoS 2 without second delivery, and the order of the
/// acknowledgements.
/// </summary>
internal sealed class IncomingFlow(
    ClientSession session, AcknowledgementWriter acknowledgements, ClientConnectionSettings settings, long connection)
{
    // How many times as many are taken while an answer is awaited.
    private const int AnswerFactor = 16;

    private readonly byte[]?[] _aliases = settings.Version == MqttVersion.V5 ? new byte[]?[settings.TopicAliasMaximum + 1] : [];
    private readonly AcknowledgementOrder _pubAcks = new();
    private readonly AcknowledgementOrder _pubRecs = new();

    // A server that keeps to Receive Maximum never meets this limit, so what else it sends is always read.
    private readonly int _fullAt = settings switch
    {
        { Version: not MqttVersion.V5 } => settings.ReceiveMaximum,
        { ToleratesReceiveExcess: true } => settings.ReceiveMaximum + 1,
        _ => int.MaxValue,
    };

    private int _open;

    /// <summary>
    /// Whether the connection shall not be read, because so many messages wait for their owner: in 3.x, which has no Receive Maximum, and
    /// where a server that sends more than that is put up with. Those that wait for PUBREL do not count, because PUBREL has to be read. While an
    /// answer of the server is awaited more are taken: the owner may need it to go on, as a handler that publishes does.
    /// </summary>
    public bool IsFull
    {
        get
        {
            int waiting = _pubAcks.Count + _pubRecs.Count;
            return waiting >= _fullAt && (!session.AwaitsAnswer || waiting >= _fullAt * (long)AnswerFactor);
        }
    }

    /// <summary>PUBLISH arrived.</summary>
    public ProtocolViolation Published<TEffects>(scoped in PublishPacket packet, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        ProtocolViolation violation = ResolveTopic(packet, out ReadOnlySpan<byte> topic);
        if (!violation.IsNone)
        {
            return violation;
        }

        if (packet.Qos == QualityOfService.AtMostOnce)
        {
            effects.Deliver(packet, topic, default);
            return default;
        }

        IncomingExchange? exchange = packet.Qos == QualityOfService.ExactlyOnce ? session.FindIncoming(packet.PacketIdentifier) : null;
        if (exchange?.Connection != connection)
        {
            // A repeat on the same connection has its place already.
            if (++_open > settings.ReceiveMaximum && settings is { Version: MqttVersion.V5, ToleratesReceiveExcess: false })
            {
                return new ProtocolViolation(ReasonCode.ReceiveMaximumExceeded, "U5-26");
            }
        }

        if (packet.Qos == QualityOfService.AtLeastOnce)
        {
            long place = _pubAcks.Add(packet.PacketIdentifier);
            effects.Deliver(packet, topic, new IncomingToken(packet.Qos, packet.PacketIdentifier, connection, place));
        }
        else if (exchange is null)
        {
            exchange = session.AddIncoming(packet.PacketIdentifier);
            exchange.Connection = connection;
            exchange.Place = _pubRecs.Add(packet.PacketIdentifier);
            effects.Deliver(packet, topic, new IncomingToken(packet.Qos, packet.PacketIdentifier, connection, exchange.Number));
        }
        else
        {
            Repeated(exchange, packet.PacketIdentifier);
        }

        return default;
    }

    /// <summary>The owner has taken a delivery, or refuses it with a code of 0x80 and above.</summary>
    public void Acknowledge(in IncomingToken token, ReasonCode reason, ReadOnlyMemory<byte> reasonString)
    {
        if (token.Qos == QualityOfService.AtLeastOnce)
        {
            // A token of an earlier connection is void: the server sends the message again.
            if (token.Connection == connection)
            {
                _pubAcks.Mark(token.Number, reason, reasonString);
            }
        }
        else if (session.Acknowledge(token, reason, reasonString) is { } exchange && exchange.Connection == connection)
        {
            _pubRecs.Mark(exchange.Place, reason, reasonString);
        }
    }

    /// <summary>Writes the acknowledgements whose turn it is. Returns whether there were any.</summary>
    public bool SendAcknowledgements()
    {
        bool isWritten = false;

        // PUBACKs leave in the order of the PUBLISHes [MQTT-4.6.0-2] [MQTT311-4.6.0-2].
        while (_pubAcks.TryTake(out ushort identifier, out ReasonCode reason, out ReadOnlyMemory<byte> reasonString))
        {
            acknowledgements.Write(PacketType.PubAck, identifier, reason, reasonString.Span);
            _open--;
            isWritten = true;
        }

        // PUBRECs too [MQTT-4.6.0-3] [MQTT311-4.6.0-3].
        while (_pubRecs.TryTake(out ushort identifier, out ReasonCode reason, out ReadOnlyMemory<byte> reasonString))
        {
            acknowledgements.Write(PacketType.PubRec, identifier, reason, reasonString.Span);
            isWritten = true;
            if (acknowledgements.Fit(reason) >= ReasonCode.UnspecifiedError && settings.Version == MqttVersion.V5)
            {
                // A refused identifier is free: what comes with it next is a new message [MQTT-4.3.3-9].
                session.RemoveIncoming(identifier);
                _open--;
            }
            else if (session.FindIncoming(identifier) is { } exchange)
            {
                exchange.IsReceived = true;
            }
        }

        return isWritten;
    }

    /// <summary>PUBREL arrived; it is always answered [MQTT-4.3.3-11].</summary>
    public ProtocolViolation Released(ushort packetIdentifier)
    {
        IncomingExchange? exchange = session.FindIncoming(packetIdentifier);
        if (exchange is { IsReceived: false })
        {
            return new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-4.3.3-4");
        }

        if (exchange is not null)
        {
            // With PUBCOMP the identifier is new again [MQTT-4.3.3-12].
            session.RemoveIncoming(packetIdentifier);
            _open -= exchange.Connection == connection ? 1 : 0;
        }

        // An identifier that nobody knows is no reason to close [U5-40].
        acknowledgements.Write(PacketType.PubComp, packetIdentifier, exchange is null ? ReasonCode.PacketIdentifierNotFound : ReasonCode.Success);
        return default;
    }

    // Until PUBREL a repeat gets PUBREC again and is not delivered a second time [MQTT-4.3.3-10] [MQTT311-4.3.3-2].
    private void Repeated(IncomingExchange exchange, ushort packetIdentifier)
    {
        if (exchange.Connection == connection && !exchange.IsReceived)
        {
            // Its PUBREC has its place in the order, and leaves when the owner has taken the delivery.
            return;
        }

        exchange.Connection = connection;
        exchange.Place = _pubRecs.Add(packetIdentifier);
        if (exchange.IsAcknowledged)
        {
            _pubRecs.Mark(exchange.Place, exchange.Reason, exchange.ReasonString);
        }
    }

    private ProtocolViolation ResolveTopic(scoped in PublishPacket packet, out ReadOnlySpan<byte> topic)
    {
        topic = packet.Topic;
        if (packet.TopicAlias == 0)
        {
            if (topic.IsEmpty)
            {
                // No name and no alias: no topic [U5-20].
                return new ProtocolViolation(ReasonCode.ProtocolError, "U5-20");
            }
        }
        else if (packet.TopicAlias >= _aliases.Length)
        {
            // Above what this side announced [MQTT-3.3.2-11].
            return new ProtocolViolation(ReasonCode.TopicAliasInvalid, "MQTT-3.3.2-11");
        }
        else if (topic.IsEmpty)
        {
            if (_aliases[packet.TopicAlias] is not { } known)
            {
                // An alias that stands for nothing on this connection [U5-21].
                return new ProtocolViolation(ReasonCode.ProtocolError, "U5-21");
            }

            topic = known;
            return default;
        }

        // A name has no wildcards [MQTT-3.3.2-2] [MQTT311-3.3.2-2].
        if (!TopicName.IsValid(topic))
        {
            return new ProtocolViolation(ReasonCode.TopicNameInvalid, "MQTT-3.3.2-2");
        }

        if (packet.TopicAlias != 0 && !topic.SequenceEqual(_aliases[packet.TopicAlias]))
        {
            // A name with an alias sets it, or sets it anew [U5-22].
            _aliases[packet.TopicAlias] = topic.ToArray();
        }

        return default;
    }
}
