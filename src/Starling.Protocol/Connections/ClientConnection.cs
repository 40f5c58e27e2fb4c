using System.Buffers;
using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>
/// One connection of the client role without socket, clock or thread: bytes and instants come in, bytes and effects go out, and there
/// is one next deadline. Used by one thread at a time. What outlives it is in its <see cref="ClientSession"/>.
/// </summary>
/// <param name="settings">What CONNECT says.</param>
/// <param name="session">The session that it continues.</param>
/// <param name="output">The transport.</param>
public sealed class ClientConnection(ClientConnectionSettings settings, ClientSession session, IConnectionOutput output)
{
    private readonly KeepAliveTimer _keepAlive = new();
    private readonly AuthenticationFlow _authentication = new(settings, output);
    private readonly ReadingGate _reading = new(session, output);
    private ClientFlows? _flows;
    private State _state = State.New;
    private uint _maximumPacketBytes = uint.MaxValue;

    private enum State : byte
    {
        New,
        AwaitingConnAck,
        Connected,
        Ended,
    }

    /// <summary>Whether CONNACK has accepted the connection and it has not ended.</summary>
    public bool IsConnected => _state == State.Connected;

    /// <summary>Whether <see cref="IClientEffects.Ended"/> was called.</summary>
    public bool IsEnded => _state == State.Ended;

    /// <summary>The monotonic time in milliseconds at which <see cref="Advance"/> must be called; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline => _state == State.Connected ? _keepAlive.Deadline : long.MaxValue;

    /// <summary>How many bytes the packet needs that the last <see cref="Receive"/> left behind.</summary>
    public int NeededBytes { get; private set; } = 5;

    /// <summary>Writes CONNECT, the first packet of a connection [MQTT-3.1.0-1] [MQTT311-3.1.0-1]. Called once, first.</summary>
    public void Start()
    {
        _state = State.AwaitingConnAck;
        ConnectWriter.Write(settings, output);
    }

    /// <summary>Takes bytes of the server; returns how many were used. The rest is given again, with more behind it.</summary>
    public int Receive<TEffects>(ReadOnlySpan<byte> bytes, in Instant now, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        int used = 0;
        _keepAlive.Received(now);
        while (_state is State.AwaitingConnAck or State.Connected && used < bytes.Length && _flows is not { Incoming.IsFull: true })
        {
            OperationStatus status = PacketFraming.TryReadFrame(
                bytes[used..], settings.MaximumPacketBytes, out PacketFrame frame, out int neededBytes, out ProtocolViolation violation);
            NeededBytes = neededBytes;
            if (status == OperationStatus.NeedMoreData)
            {
                break;
            }

            if (status == OperationStatus.Done)
            {
                used += frame.Bytes.Length;
                violation = Handle(frame, now, ref effects);
            }

            if (!violation.IsNone)
            {
                Fail(violation, ref effects);
            }
        }

        SendAcknowledgements(now);
        SendWaiting(now, ref effects);
        return _state == State.Ended ? bytes.Length : used;
    }

    /// <summary>Does what is due: PINGREQ, or the end of a connection whose server does not answer.</summary>
    public void Advance<TEffects>(in Instant now, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (_state != State.Connected)
        {
            return;
        }

        if (_keepAlive.IsOver(now))
        {
            // The link is dead or the server hangs: what would be written now would reach nobody.
            End(new ClientEnd(ClientEndKind.KeepAliveTimeout, ReasonCode.KeepAliveTimeout, null), ref effects);
            output.Abort();
        }
        else if (_keepAlive.IsPingDue(now))
        {
            ReadOnlySpan<byte> request = PingPackets.Request;
            request.CopyTo(output.GetSpan(request.Length));
            output.Advance(request.Length);
            _keepAlive.PingSent(now);
        }
    }

    /// <summary>
    /// Sends messages of the session as far as send quota and output allow. Call after adding messages, and when output has drained.
    /// </summary>
    public void SendWaiting<TEffects>(in Instant now, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (_state == State.Connected && _flows is { } flows && flows.Outgoing.Send(now, ref effects))
        {
            _keepAlive.Sent(now);
        }

        UpdateReading(now);
    }

    /// <summary>
    /// Sends QoS 0 PUBLISH packets that are already in wire form, of this version and within the limits of CONNACK. Ignored unless
    /// connected.
    /// </summary>
    public void SendEncoded(ReadOnlySpan<byte> packets, in Instant now)
    {
        if (_state == State.Connected)
        {
            packets.CopyTo(output.GetSpan(packets.Length));
            output.Advance(packets.Length);
            _keepAlive.Sent(now);
        }
    }

    /// <summary>
    /// Acknowledges a delivery, or refuses it with a code of 0x80 and above (5.0 only). Any order is fine: the packets leave in the
    /// order that the specification asks for. Repeats, and tokens whose exchange is gone, are ignored. The Reason String (UTF-8, 5.0
    /// only) is left out where the server takes no packet of that size.
    /// </summary>
    public void Acknowledge(in IncomingToken token, ReasonCode reason, in Instant now, ReadOnlyMemory<byte> reasonString = default)
    {
        if (_flows is null)
        {
            // Before CONNACK only the session can keep it, for the PUBREC that follows when the server repeats the message.
            session.Acknowledge(token, reason, reasonString);
        }

        _flows?.Incoming.Acknowledge(token, reason, reasonString);
        SendAcknowledgements(now);
    }

    /// <summary>Lets PUBREL go for a message that <see cref="IClientEffects.Received"/> told of; only noted while not connected.</summary>
    public void Release(OutgoingMessage message, in Instant now)
    {
        if (message.AllowRelease() && _state == State.Connected && _flows is { } flows)
        {
            flows.Outgoing.SendRelease(message);
            _keepAlive.Sent(now);
        }
    }

    /// <summary>Sends SUBSCRIBE.</summary>
    /// <param name="filters">The Topic Filters with their options.</param>
    /// <param name="subscriptionIdentifier">1 to 268435455; 0 for none. Left out where the server does not take them.</param>
    /// <param name="tag">Comes back with SUBACK.</param>
    /// <param name="now">The instant of this iteration.</param>
    /// <returns>False when nothing was sent: not connected, larger than the server takes, or no Packet Identifier is free.</returns>
    public bool TrySubscribe(EncodedFilters filters, uint subscriptionIdentifier, object tag, in Instant now) =>
        _state == State.Connected && _flows is { } flows && CountSent(flows.Requests.TrySubscribe(filters, subscriptionIdentifier, tag), now);

    /// <summary>Sends UNSUBSCRIBE.</summary>
    /// <param name="filters">The Topic Filters, without options.</param>
    /// <param name="tag">Comes back with UNSUBACK.</param>
    /// <param name="now">The instant of this iteration.</param>
    /// <returns>False when nothing was sent: not connected, larger than the server takes, or no Packet Identifier is free.</returns>
    public bool TryUnsubscribe(EncodedFilters filters, object tag, in Instant now) =>
        _state == State.Connected && _flows is { } flows && CountSent(flows.Requests.TryUnsubscribe(filters, tag), now);

    /// <summary>Answers a challenge with AUTH 0x18 [MQTT-4.12.0-3].</summary>
    /// <returns>False when nothing was sent: the connection has ended or has no method, or the server takes no packet of that size.</returns>
    public bool Authenticate(ReadOnlySpan<byte> data, in Instant now) =>
        _state is State.AwaitingConnAck or State.Connected && CountSent(_authentication.TryContinue(data), now);

    /// <summary>Begins a re-authentication with AUTH 0x19 and the method of CONNECT [MQTT-4.12.1-1].</summary>
    /// <returns>False when nothing was sent: not connected, no method, or the server takes no packet of that size.</returns>
    public bool Reauthenticate(ReadOnlySpan<byte> data, in Instant now) =>
        _state == State.Connected && CountSent(_authentication.TryBegin(data), now);

    /// <summary>
    /// Stops or starts reading on the owner's behalf, when it has no room for more messages. PINGREQ is still sent meanwhile, but its
    /// answer is not waited for.
    /// </summary>
    public void SetReading(OwnerRoom room, in Instant now)
    {
        _reading.Room = room;
        UpdateReading(now);
    }

    /// <summary>
    /// Sends DISCONNECT and closes; after it nothing is sent [MQTT-3.14.4-1] [MQTT-3.14.4-2] [MQTT311-3.14.4-1] [MQTT311-3.14.4-2].
    /// </summary>
    /// <param name="reason">Success drops the Will. 3.x closes without DISCONNECT for any other, so that the Will holds.</param>
    /// <param name="sessionExpiryIntervalSeconds">A new Session Expiry Interval; null leaves it. 5.0 only.</param>
    /// <param name="effects">Gets <see cref="IClientEffects.Ended"/>.</param>
    public void Disconnect<TEffects>(ReasonCode reason, uint? sessionExpiryIntervalSeconds, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (_state == State.Ended)
        {
            return;
        }

        WriteDisconnect(reason, sessionExpiryIntervalSeconds);
        End(new ClientEnd(ClientEndKind.Disconnected, reason, null), ref effects);
        output.Close();
    }

    /// <summary>The transport is gone. Nothing happens when the connection ended before.</summary>
    public void TransportClosed<TEffects>(ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (_state != State.Ended)
        {
            End(new ClientEnd(ClientEndKind.TransportLost, ReasonCode.UnspecifiedError, null), ref effects);
        }
    }

    private ProtocolViolation Handle<TEffects>(in PacketFrame frame, in Instant now, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (_flows is not { } flows)
        {
            return HandleBeforeConnAck(frame, now, ref effects);
        }

        return frame.Type switch
        {
            PacketType.Publish => PacketHandlers.Publish(frame, settings.Version, flows.Incoming, ref effects),
            PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp =>
                PacketHandlers.Acknowledgement(frame, settings.Version, flows, ref effects),
            PacketType.SubAck => PacketHandlers.SubAck(frame, settings.Version, flows.Requests, ref effects),
            PacketType.UnsubAck => PacketHandlers.UnsubAck(frame, settings.Version, flows.Requests, ref effects),
            PacketType.PingResp => PacketHandlers.PingResp(frame, settings.Version, _keepAlive),
            PacketType.Disconnect when settings.Version == MqttVersion.V5 => OnDisconnect(frame, ref effects),
            PacketType.Auth => OnAuth(frame, ref effects),

            // One CONNACK in a connection [MQTT-3.2.0-2].
            PacketType.ConnAck => new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-3.2.0-2"),
            PacketType.None => new ProtocolViolation(ReasonCode.MalformedPacket, "U5-01"),

            // What only a client sends is as wrong here as the reverse at a server [U5-03].
            _ => new ProtocolViolation(ReasonCode.ProtocolError, "U5-03"),
        };
    }

    // CONNACK precedes everything but AUTH [MQTT-3.2.0-1].
    private ProtocolViolation HandleBeforeConnAck<TEffects>(in PacketFrame frame, in Instant now, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct => frame.Type switch
        {
            PacketType.ConnAck => OnConnAck(frame, now, ref effects),
            PacketType.Auth => OnAuth(frame, ref effects),
            _ => new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-3.2.0-1"),
        };

    private ProtocolViolation OnConnAck<TEffects>(in PacketFrame frame, in Instant now, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (!ConnAckReader.TryRead(frame, settings, out ConnAckPacket packet, out ProtocolViolation violation))
        {
            return violation;
        }

        if (packet.Reason >= ReasonCode.UnspecifiedError)
        {
            // A refusal goes with a close, whoever does it first [MQTT-4.13.2-1].
            effects.Refused(packet);
            End(new ClientEnd(ClientEndKind.Refused, packet.Reason, null), ref effects);
            output.Close();
            return default;
        }

        violation = ConnAckReader.Check(packet, settings, session, _authentication);
        if (!violation.IsNone)
        {
            return violation;
        }

        ServerLimits limits = ServerLimits.From(packet, settings);
        _state = State.Connected;
        _keepAlive.Start(limits.KeepAliveSeconds, now);
        session.ForgetRequests();
        // 3.1 has no Session Present: a session that both sides were asked to keep is taken as continued.
        if (!packet.SessionPresent && (settings.Version != MqttVersion.V31 || settings.CleanStart))
        {
            session.Discard(ref effects);
        }

        session.Hold();
        long connection = session.StartConnection();
        _maximumPacketBytes = limits.MaximumPacketBytes;
        _authentication.MaximumPacketBytes = limits.MaximumPacketBytes;
        AcknowledgementWriter acknowledgements = new(output, settings.Version, limits.MaximumPacketBytes);
        _flows = new ClientFlows(
            new OutgoingFlow(session, output, limits, settings, connection),
            new IncomingFlow(session, acknowledgements, settings, connection),
            new RequestFlow(session, output, limits));
        effects.Accepted(packet, limits);
        _flows.Outgoing.ResendReleased();
        return default;
    }

    private ProtocolViolation OnAuth<TEffects>(in PacketFrame frame, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        bool isRead = AuthPacket.TryRead(frame, settings.Version, out AuthPacket packet, out ProtocolViolation violation);
        return isRead ? _authentication.Received(packet, IsConnected, ref effects) : violation;
    }

    private ProtocolViolation OnDisconnect<TEffects>(in PacketFrame frame, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (!DisconnectPacket.TryRead(frame, settings.Version, out DisconnectPacket packet, out ProtocolViolation violation))
        {
            return violation;
        }

        if (packet.SessionExpiryIntervalSeconds is not null)
        {
            return new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-3.14.2-2");
        }

        effects.ServerDisconnected(packet);
        End(new ClientEnd(ClientEndKind.ByServer, packet.Reason, null), ref effects);
        output.Close();
        return default;
    }

    private void Fail<TEffects>(ProtocolViolation violation, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        if (_state == State.Connected)
        {
            WriteDisconnect(violation.Reason, null);
        }

        End(new ClientEnd(ClientEndKind.Violation, violation.Reason, violation.Statement), ref effects);
        output.Close();
    }

    private void End<TEffects>(in ClientEnd end, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        _state = State.Ended;
        effects.Ended(end);
    }

    private void WriteDisconnect(ReasonCode reason, uint? sessionExpiryIntervalSeconds)
    {
        if (_state != State.New)
        {
            DisconnectWriter.Write(output, settings.Version, _maximumPacketBytes, reason, sessionExpiryIntervalSeconds);
        }
    }

    // What could not be sent shows the server nothing, so it puts PINGREQ off no further [MQTT-3.1.2-20].
    private bool CountSent(bool isSent, in Instant now)
    {
        if (isSent)
        {
            _keepAlive.Sent(now);
            UpdateReading(now);
        }

        return isSent;
    }

    private void SendAcknowledgements(in Instant now)
    {
        if (_state != State.Connected || _flows is not { } flows)
        {
            return;
        }

        if (flows.Incoming.SendAcknowledgements())
        {
            _keepAlive.Sent(now);
        }

        UpdateReading(now);
    }

    private void UpdateReading(in Instant now)
    {
        if (_state != State.Ended)
        {
            _reading.Update(_flows is { Incoming.IsFull: true }, _keepAlive, now);
        }
    }
}
