using System.Text;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Client.Core;

/// <summary>One connection on the loop: feeds the machine, and acts on what it tells. The loop's thread.</summary>
internal sealed class ClientLink : IConnectionInput
{
    private readonly ClientCore _core;
    private readonly IConnectionOutput _output;
    private readonly ClientConnection _connection;
    private readonly MessageDecoder _decoder = new();
    private readonly AcknowledgementWatch _watch;
    private string? _serverReason;
    private string? _serverReference;
    private Instant _now;

    public ClientLink(ClientCore core, ConnectAttempt attempt, IConnectionOutput output)
    {
        _core = core;
        _output = output;
        Attempt = attempt;
        _watch = new AcknowledgementWatch(core.Logger);
        _connection = new ClientConnection(attempt.Settings, core.Session, output);
    }

    public ConnectAttempt Attempt { get; }

    public bool IsConnected => _connection.IsConnected;

    public long Deadline => IsConnected ? Math.Min(_connection.Deadline, _watch.Deadline) : _connection.Deadline;

    /// <summary>Acknowledgements that wait for that of an earlier message. Any thread.</summary>
    public int HeldAcknowledgements => _watch.Held;

    public int NeededBytes => _connection.NeededBytes;

    /// <summary>Bytes that the kernel has not taken yet.</summary>
    public int PendingBytes => _output.PendingBytes;

    public void Start() => _connection.Start();

    public int Receive(ReadOnlySpan<byte> bytes, in Instant now)
    {
        _now = now;
        LinkEffects effects = new(this);
        int used = _connection.Receive(bytes, now, ref effects);
        _core.AfterInput(now);
        return used;
    }

    public void Drained(in Instant now) => _core.Send(now);

    public void Closed(ConnectionEnd end, in Instant now)
    {
        LinkEffects effects = new(this);
        _connection.TransportClosed(ref effects);
        Attempt.Close();
    }

    public void Advance(in Instant now)
    {
        _now = now;
        LinkEffects effects = new(this);
        _connection.Advance(now, ref effects);
        _watch.Advance(now);
    }

    public void SendWaiting(in Instant now)
    {
        LinkEffects effects = new(this);
        _connection.SendWaiting(now, ref effects);
    }

    public void Release(OutgoingMessage message, in Instant now) => _connection.Release(message, now);

    public void SendEncoded(ReadOnlySpan<byte> packets, in Instant now) => _connection.SendEncoded(packets, now);

    public void Acknowledge(in IncomingToken token, ReasonCode reason, byte[]? reasonString, in Instant now)
    {
        _watch.Mark(token, now);
        _connection.Acknowledge(token, reason, now, reasonString);
    }

    public bool TrySubscribe(RegisteredSubscription subscription, in Instant now)
    {
        EncodedFilters filters = Attempt.Settings.Version == MqttVersion.V5
            ? new EncodedFilters(subscription.SubscribeEntry, 1) { UserProperties = subscription.UserProperties }
            : new EncodedFilters(subscription.PlainSubscribeEntry, 1);
        return _connection.TrySubscribe(filters, subscription.Identifier, subscription, now);
    }

    public bool TryUnsubscribe(UnsubscribeCall call, in Instant now) =>
        _connection.TryUnsubscribe(new EncodedFilters(call.Entry, 1), call, now);

    public void SetReading(OwnerRoom room, in Instant now) => _connection.SetReading(room, now);

    public bool Reauthenticate(ReadOnlySpan<byte> data, in Instant now) => _connection.Reauthenticate(data, now);

    public void Authenticate(ReadOnlyMemory<byte> data, in Instant now)
    {
        if (!_connection.Authenticate(data.Span, now) && IsConnected)
        {
            // Without its answer the server would wait for ever.
            Abort();
        }
    }

    public void Disconnect(ReasonCode reason, uint? sessionExpirySeconds)
    {
        LinkEffects effects = new(this);
        _connection.Disconnect(reason, sessionExpirySeconds, ref effects);
    }

    /// <summary>Ends the connection without a word: the attempt took too long.</summary>
    public void Abort()
    {
        LinkEffects effects = new(this);
        _connection.TransportClosed(ref effects);
        _output.Abort();
    }

    public PublishResult Read(ReasonCode reason, scoped in AcknowledgementPacket packet)
    {
        bool isV5 = Attempt.Settings.Version == MqttVersion.V5;
        if (packet.ReasonString.IsEmpty && packet.UserProperties.IsEmpty && reason == ReasonCode.Success)
        {
            return isV5 ? PublishResult.Acknowledged : PublishResult.AcknowledgedWithoutCode;
        }

        return new PublishResult(
            reason < ReasonCode.UnspecifiedError ? PublishStatus.Acknowledged : PublishStatus.Refused,
            isV5 ? reason : null,
            MessageDecoder.DecodeText(packet.ReasonString),
            MessageDecoder.DecodeUserProperties(packet.UserProperties));
    }

    public void OnAccepted(scoped in ConnAckPacket packet, in ServerLimits limits)
    {
        ServerInfo server = new()
        {
            Address = Attempt.Address,
            Version = limits.Version,
            SessionPresent = packet.SessionPresent,
            ClientId = Encoding.UTF8.GetString(
                packet.AssignedClientIdentifier.IsEmpty ? Attempt.Settings.ClientIdentifier.Span : packet.AssignedClientIdentifier),
            ReceiveMaximum = limits.ReceiveMaximum,
            MaximumPacketSize = limits.MaximumPacketBytes,
            MaximumQos = limits.MaximumQos,
            RetainAvailable = limits.RetainAvailable,
            WildcardSubscriptionAvailable = limits.WildcardSubscriptionAvailable,
            SubscriptionIdentifiersAvailable = limits.SubscriptionIdentifiersAvailable,
            SharedSubscriptionAvailable = limits.SharedSubscriptionAvailable,
            KeepAlive = TimeSpan.FromSeconds(limits.KeepAliveSeconds),
            SessionExpiry = limits.SessionExpiryIntervalSeconds == uint.MaxValue
                ? TimeSpan.MaxValue
                : TimeSpan.FromSeconds(limits.SessionExpiryIntervalSeconds),
            ResponseInformation = MessageDecoder.DecodeText(packet.ResponseInformation),
            ReasonString = MessageDecoder.DecodeText(packet.ReasonString),
            UserProperties = MessageDecoder.DecodeUserProperties(packet.UserProperties),
        };
        _core.OnAccepted(this, server, limits);
    }

    public void OnRefused(scoped in ConnAckPacket packet)
    {
        _serverReason = MessageDecoder.DecodeText(packet.ReasonString);
        _serverReference = MessageDecoder.DecodeText(packet.ServerReference);
    }

    public void OnServerDisconnected(scoped in DisconnectPacket packet)
    {
        _serverReason = MessageDecoder.DecodeText(packet.ReasonString);
        _serverReference = MessageDecoder.DecodeText(packet.ServerReference);
    }

    public void OnChallenged(ReadOnlyMemory<byte> challenge) => _core.Challenges.Begin(challenge, this);

    public void OnReauthenticated() => _core.OnReauthenticated();

    public void OnDelivery(scoped in PublishPacket packet, scoped ReadOnlySpan<byte> topic, in IncomingToken token)
    {
        MqttMessage message = _decoder.Decode(packet, topic, out uint[] identifiers);
        _watch.Add(token, message.Topic);
        _core.OnDelivery(
            new Arrival(message, _decoder.LastTopicBytes, packet.Duplicate, identifiers, token) { HasReasonCodes = Attempt.Settings.Version == MqttVersion.V5 },
            _now);
    }

    public void OnSubscribed(object tag, scoped in SubAckPacket packet)
    {
        if (tag is RegisteredSubscription subscription)
        {
            _core.OnSubscribed(subscription, (ReasonCode)packet.ReasonCodes[0], MessageDecoder.DecodeText(packet.ReasonString));
        }
    }

    public void OnUnsubscribed(object tag, scoped in UnsubAckPacket packet)
    {
        if (tag is UnsubscribeCall call)
        {
            ReasonCode reason = packet.ReasonCodes.IsEmpty ? ReasonCode.Success : (ReasonCode)packet.ReasonCodes[0];
            _core.OnUnsubscribed(call, reason, MessageDecoder.DecodeText(packet.ReasonString));
        }
    }

    public void OnEnded(in ClientEnd end)
    {
        LinkEnd linkEnd = end.Kind switch
        {
            ClientEndKind.Disconnected => new LinkEnd(null, null),
            ClientEndKind.Refused => new LinkEnd(
                new MqttRejectedException(PacketType.ConnAck, end.Reason, _serverReason) { ServerReference = _serverReference }, end.Reason),
            ClientEndKind.ByServer => new LinkEnd(
                new MqttDisconnectedException(
                    $"The server ended the connection: 0x{(byte)end.Reason:X2} {end.Reason}.", isTransient: true, end.Reason, _serverReason)
                {
                    ServerReference = _serverReference,
                },
                end.Reason),
            ClientEndKind.Violation => new LinkEnd(new MqttProtocolException(end.Reason, end.Statement ?? string.Empty), null),
            ClientEndKind.KeepAliveTimeout => new LinkEnd(
                new MqttDisconnectedException("The server did not answer PINGREQ.", isTransient: true), null),
            _ => new LinkEnd(new MqttDisconnectedException("The connection was lost.", isTransient: true), null),
        };
        _core.OnEnded(this, linkEnd);
    }
}
