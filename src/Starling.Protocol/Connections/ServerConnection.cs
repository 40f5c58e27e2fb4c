using System.Buffers;
using Starling.Protocol.Packets;
using Starling.Protocol.Topics;

namespace Starling.Protocol.Connections;

/// <summary>
/// The server's side of one connection as a state machine over bytes: it finds packets, checks what can be checked without session
/// state (order of packets, direction, aliases, Receive Maximum, announced limits) and hands each on as an effect.
/// It holds no socket and no clock. Used by one thread.
/// </summary>
/// <param name="settings">What the server allows.</param>
public sealed class ServerConnection(ServerConnectionSettings settings)
{
    private const int FixedHeaderBytesMax = 5;

    private TopicAliases _aliases;
    private int _openPublishes;
    private bool _hasMethod;

    /// <summary>The version of CONNECT; <see cref="MqttVersion.None"/> before it.</summary>
    public MqttVersion Version { get; private set; }

    /// <summary>Where the connection stands.</summary>
    public ServerConnectionPhase Phase { get; private set; }

    /// <summary>The largest packet the client takes, in bytes.</summary>
    public uint PeerPacketBytesMax { get; private set; } = uint.MaxValue;

    /// <summary>The most open QoS 1 and 2 deliveries the client takes; 65535 in 3.x.</summary>
    public int PeerReceiveMaximum { get; private set; } = ushort.MaxValue;

    /// <summary>The highest topic alias the client takes; 0: none.</summary>
    public int PeerTopicAliasMaximum { get; private set; }

    /// <summary>Whether the client wants Reason Strings and User Properties on all packets [MQTT-3.1.2-29].</summary>
    public bool PeerWantsProblemInformation { get; private set; } = true;

    /// <summary>The Session Expiry Interval of CONNECT in seconds; 0 in 3.x.</summary>
    public uint SessionExpiryIntervalSeconds { get; private set; }

    /// <summary>QoS 1 and 2 PUBLISH packets of this connection whose last answer has not been sent.</summary>
    public int OpenPublishes => _openPublishes;

    /// <summary>What <see cref="Loops.IConnectionInput.NeededBytes"/> asks for.</summary>
    public int NeededBytes { get; private set; } = FixedHeaderBytesMax;

    /// <summary>Takes whole packets from the front of <paramref name="bytes"/> until they end or an effect stops it.</summary>
    /// <returns>How many bytes were taken.</returns>
    public int Receive<TEffects>(ReadOnlySpan<byte> bytes, ref TEffects effects)
        where TEffects : IServerEffects
    {
        int taken = 0;
        while (taken < bytes.Length && Phase != ServerConnectionPhase.Ended)
        {
            if (Phase == ServerConnectionPhase.AwaitingConnect && bytes[taken] >> 4 != (int)PacketType.Connect)
            {
                // The first packet is CONNECT [MQTT-3.1.0-1]; what cannot become one is not waited for.
                Violate(new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-3.1.0-1"), ref effects);
                break;
            }

            OperationStatus status = PacketFraming.TryReadFrame(
                bytes[taken..], settings.PacketBytesMax, out PacketFrame frame, out int neededBytes, out ProtocolViolation violation);
            NeededBytes = neededBytes;
            if (status == OperationStatus.NeedMoreData)
            {
                return taken;
            }

            PacketVerdict verdict = status == OperationStatus.Done
                ? Handle(frame, ref effects)
                : Violate(violation, ref effects);
            if (verdict == PacketVerdict.Retry)
            {
                return taken;
            }

            if (verdict == PacketVerdict.End)
            {
                break;
            }

            taken += frame.Bytes.Length;
            if (verdict == PacketVerdict.Pause)
            {
                return taken;
            }
        }

        return Phase == ServerConnectionPhase.Ended ? bytes.Length : taken;
    }

    /// <summary>CONNACK 0x00 has been sent: ordinary packets are legal from now on.</summary>
    public void Accept() => Phase = ServerConnectionPhase.Connected;

    /// <summary>Nothing that arrives counts any more.</summary>
    public void End() => Phase = ServerConnectionPhase.Ended;

    /// <summary>The last answer to a QoS 1 or 2 PUBLISH is sent (PUBACK, PUBCOMP, or a refusal), so its place is free.</summary>
    public void ClosePublish()
    {
        // A PUBREL for a PUBLISH of an earlier connection closes nothing that was counted here.
        if (_openPublishes > 0)
        {
            _openPublishes--;
        }
    }

    private PacketVerdict Handle<TEffects>(in PacketFrame frame, ref TEffects effects)
        where TEffects : IServerEffects
    {
        if (Phase == ServerConnectionPhase.Connected)
        {
            return frame.Type == PacketType.Publish ? HandlePublish(frame, ref effects) : HandleConnected(frame, ref effects);
        }

        if (Phase == ServerConnectionPhase.AwaitingConnect)
        {
            return HandleFirst(frame, ref effects);
        }

        return HandleWhileConnecting(frame, ref effects);
    }

    private PacketVerdict HandleFirst<TEffects>(in PacketFrame frame, ref TEffects effects)
        where TEffects : IServerEffects
    {
        bool isValid = ConnectPacket.TryRead(frame, out ConnectPacket packet, out ProtocolViolation violation);
        Version = packet.Version;
        if (!isValid)
        {
            return Violate(violation, ref effects);
        }

        PeerPacketBytesMax = packet.MaximumPacketBytes;
        PeerReceiveMaximum = packet.ReceiveMaximum;
        PeerTopicAliasMaximum = packet.TopicAliasMaximum;
        PeerWantsProblemInformation = packet.RequestProblemInformation;
        SessionExpiryIntervalSeconds = packet.SessionExpiryIntervalSeconds;
        _hasMethod = packet.HasAuthenticationMethod;
        Phase = ServerConnectionPhase.Connecting;
        PacketVerdict verdict = effects.Connect(packet);
        if (verdict == PacketVerdict.Retry)
        {
            Phase = ServerConnectionPhase.AwaitingConnect;
        }

        return verdict;
    }

    private PacketVerdict HandleWhileConnecting<TEffects>(in PacketFrame frame, ref TEffects effects)
        where TEffects : IServerEffects
    {
        if (frame.Type == PacketType.Auth && Version == MqttVersion.V5)
        {
            return HandleAuth(frame, ref effects);
        }

        if (frame.Type == PacketType.Disconnect)
        {
            return HandleDisconnect(frame, ref effects);
        }

        // A client in the middle of an authentication exchange sends AUTH and DISCONNECT only [MQTT-3.1.2-30].
        return Violate(new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-3.1.2-30"), ref effects);
    }

    private PacketVerdict HandleConnected<TEffects>(in PacketFrame frame, ref TEffects effects)
        where TEffects : IServerEffects
    {
        switch (frame.Type)
        {
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                return AcknowledgementPacket.TryRead(frame, Version, out AcknowledgementPacket acknowledgement, out ProtocolViolation violation)
                    ? effects.Acknowledge(acknowledgement)
                    : Violate(violation, ref effects);
            case PacketType.Subscribe:
                return SubscribePacket.TryRead(frame, Version, out SubscribePacket subscribe, out violation)
                    ? effects.Subscribe(subscribe, frame)
                    : Violate(violation, ref effects);
            case PacketType.Unsubscribe:
                return UnsubscribePacket.TryRead(frame, Version, out UnsubscribePacket unsubscribe, out violation)
                    ? effects.Unsubscribe(unsubscribe, frame)
                    : Violate(violation, ref effects);
            case PacketType.PingReq:
                return PingPackets.TryRead(frame, Version, out violation) ? effects.Ping() : Violate(violation, ref effects);
            case PacketType.Disconnect:
                return HandleDisconnect(frame, ref effects);
            case PacketType.Auth when Version == MqttVersion.V5:
                return HandleAuth(frame, ref effects);
            default:
                return Violate(IllegalFromClient(frame.Type), ref effects);
        }
    }

    private PacketVerdict HandlePublish<TEffects>(in PacketFrame frame, ref TEffects effects)
        where TEffects : IServerEffects
    {
        if (!PublishPacket.TryRead(frame, Version, out PublishPacket packet, out ProtocolViolation violation)
            || !IsAllowed(packet, out violation)
            || !_aliases.TryResolve(ref packet, settings.TopicAliasMaximum, out violation))
        {
            return Violate(violation, ref effects);
        }

        if (packet.Qos == QualityOfService.AtMostOnce)
        {
            return effects.Deliver(packet, frame);
        }

        // More open publishes than the announced Receive Maximum end the connection [U5-26]; 3.x has no such limit.
        if (Version == MqttVersion.V5 && _openPublishes >= settings.ReceiveMaximum)
        {
            return Violate(new ProtocolViolation(ReasonCode.ReceiveMaximumExceeded, "U5-26"), ref effects);
        }

        _openPublishes++;
        PacketVerdict verdict = effects.Deliver(packet, frame);
        if (verdict == PacketVerdict.Retry)
        {
            _openPublishes--;
        }

        return verdict;
    }

    private bool IsAllowed(in PublishPacket packet, out ProtocolViolation violation)
    {
        violation = default;
        if (packet.HasSubscriptionIdentifier)
        {
            // A client never sends a Subscription Identifier with a message [MQTT-3.3.4-6].
            violation = new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-3.3.4-6");
        }
        else if (packet.Qos > settings.MaximumQos)
        {
            // The announced Maximum QoS binds the client [MQTT-3.2.2-11].
            violation = new ProtocolViolation(ReasonCode.QoSNotSupported, "MQTT-3.2.2-11");
        }
        else if (packet.Retain && !settings.RetainAvailable)
        {
            // A client that was told that retain is not available does not use it [MQTT-3.2.2-14].
            violation = new ProtocolViolation(ReasonCode.RetainNotSupported, "MQTT-3.2.2-14");
        }
        else if (packet.Topic.Length >= settings.TopicLevelsMax && TopicName.CountLevels(packet.Topic) > settings.TopicLevelsMax)
        {
            // A limit of this server, not a rule of the standard; the topic is well formed and not accepted.
            violation = new ProtocolViolation(ReasonCode.TopicNameInvalid, "TopicLevelsMax");
        }

        return violation.IsNone;
    }

    private PacketVerdict HandleAuth<TEffects>(in PacketFrame frame, ref TEffects effects)
        where TEffects : IServerEffects
    {
        if (!AuthPacket.TryRead(frame, Version, out AuthPacket packet, out ProtocolViolation violation))
        {
            return Violate(violation, ref effects);
        }

        // Without a method in CONNECT the client sends no AUTH [MQTT-4.12.0-7], and each AUTH names the method [U5-41].
        if (!_hasMethod || !packet.HasAuthenticationMethod)
        {
            return Violate(new ProtocolViolation(ReasonCode.ProtocolError, _hasMethod ? "U5-41" : "MQTT-4.12.0-7"), ref effects);
        }

        return effects.Authenticate(packet, frame);
    }

    private PacketVerdict HandleDisconnect<TEffects>(in PacketFrame frame, ref TEffects effects)
        where TEffects : IServerEffects
    {
        if (!DisconnectPacket.TryRead(frame, Version, out DisconnectPacket packet, out ProtocolViolation violation))
        {
            return Violate(violation, ref effects);
        }

        // DISCONNECT may change the expiry, but not from 0 to more [U5-15].
        if (packet.SessionExpiryIntervalSeconds > 0 && SessionExpiryIntervalSeconds == 0)
        {
            return Violate(new ProtocolViolation(ReasonCode.ProtocolError, "U5-15"), ref effects);
        }

        Phase = ServerConnectionPhase.Ended;
        effects.Disconnect(packet);
        return PacketVerdict.End;
    }

    private ProtocolViolation IllegalFromClient(PacketType type) => type switch
    {
        // A second CONNECT ends the connection [MQTT-3.1.0-2].
        PacketType.Connect when Version == MqttVersion.V5 => new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-3.1.0-2"),
        PacketType.Connect => new ProtocolViolation(ReasonCode.ProtocolError, "MQTT311-3.1.0-2"),

        // Type 0 is reserved in every version, type 15 before 5.0 [U5-01].
        PacketType.None or PacketType.Auth => new ProtocolViolation(ReasonCode.MalformedPacket, "U5-01"),

        // What only a server may send is an error from a client [U5-03].
        _ => new ProtocolViolation(ReasonCode.ProtocolError, "U5-03"),
    };

    private PacketVerdict Violate<TEffects>(in ProtocolViolation violation, ref TEffects effects)
        where TEffects : IServerEffects
    {
        ServerConnectionPhase phase = Phase;
        Phase = ServerConnectionPhase.Ended;
        WasConnected = phase == ServerConnectionPhase.Connected;
        effects.Violate(violation);
        return PacketVerdict.End;
    }

    /// <summary>After a violation: whether CONNACK 0x00 had been sent, so that the answer is DISCONNECT and not CONNACK.</summary>
    public bool WasConnected { get; private set; }
}
