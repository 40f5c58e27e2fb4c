using System.Text;
using Starling.Broker.Diagnostics;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;
using Starling.Protocol.Topics;

namespace Starling.Broker.Connections;

/// <summary>
/// CONNECT to CONNACK: move to the owning shard, authenticate, claim, evict the old connection, open the session, commit, answer.
/// Nothing of an old session changes before authentication has succeeded.
/// </summary>
internal sealed class Connecting(Shard shard)
{
    private BrokerEngine Engine => shard.Engine;

    private BrokerOptions Options => shard.Engine.Options;

    public PacketVerdict Begin(BrokerConnection connection, in ConnectPacket packet)
    {
        bool isAssigned = packet.ClientIdentifier.IsEmpty;
        if (isAssigned && (packet.Version == MqttVersion.V31 || (packet.Version == MqttVersion.V311 && !packet.CleanStart)))
        {
            // An empty identifier cannot name a session to keep [MQTT311-3.1.3-8], and 3.1 asks for one in any case.
            return Refuse(connection, ReasonCode.ClientIdentifierNotValid);
        }

        if (!isAssigned)
        {
            int owner = Engine.Partitions.ShardOf(packet.ClientIdentifier);
            if (owner != shard.Index)
            {
                connection.IsDetached = true;
                shard.Counters.SocketsOpened--;
                shard.Connections.Remove(connection);
                shard.Timers.Cancel(connection.Timer);
                connection.Output.MoveTo(owner);
                return PacketVerdict.Retry;
            }
        }

        // An assigned identifier belongs to this shard, so that the connection stays where it is [MQTT-3.1.3-6].
        string clientIdentifier = isAssigned ? Engine.Partitions.Assign(shard) : Encoding.UTF8.GetString(packet.ClientIdentifier);
        ConnectRequest request = ConnectRequest.From(packet, clientIdentifier, isAssigned);
        connection.Request = request;
        ReasonCode refusal = Check(request);
        if (refusal != ReasonCode.Success)
        {
            return Refuse(connection, refusal);
        }

        return shard.Authenticating.Begin(connection, request);
    }

    /// <summary>The client is who it says: claim its identifier and open its session.</summary>
    public PacketVerdict Accept(BrokerConnection connection)
    {
        if (connection.Request is not { } request)
        {
            return PacketVerdict.End;
        }

        Session? before = shard.Sessions.Find(request.ClientIdentifier);
        Session? session = before;
        if (session?.Connection is { } other)
        {
            shard.Endings.TakeOver(other);
            session = shard.Sessions.Find(request.ClientIdentifier);
        }

        if (session is { Stored.WillsUnderWay: > 0 })
        {
            return WaitForWill(connection, session);
        }

        // Counted here, so that a client can replace its own dead connection also when there may be no more.
        if (!Engine.TryCountConnection())
        {
            return Refuse(connection, ReasonCode.QuotaExceeded, BrokerLimit.ConnectionsMax);
        }

        connection.IsCounted = true;
        Ticket deleted = new(0);
        if (session is not null && request.CleanStart)
        {
            // Clean Start throws the old session away [MQTT-3.1.2-4].
            deleted = shard.Sessions.End(session, DropReason.SessionEnded);
            session = null;
        }

        bool isPresent = session is not null;
        if (session is null && !shard.Sessions.TryCreate(request.ClientIdentifier, out session))
        {
            return Refuse(connection, ReasonCode.QuotaExceeded, BrokerLimit.SessionsMax);
        }

        InheritGathers(session, before);
        Open(connection, session, request);
        ulong opened = shard.Records.SessionOpened(session, isPresent);

        // The end of a session that is still to be recorded comes after this.
        Ticket ticket = deleted.Lsn > opened ? deleted : new Ticket(opened);
        if (ticket.Lsn > shard.Store.CommittedLsn)
        {
            connection.Pause(PauseReason.Connecting);
            PendingAnswers.Of(connection).AddConnAck(ticket, isPresent);
            return PacketVerdict.Pause;
        }

        Answer(connection, isPresent);
        return connection.IsDetached ? PacketVerdict.End : PacketVerdict.Continue;
    }

    /// <summary>The records of one client stand in the order of its messages, also across a Clean Start.</summary>
    private static void InheritGathers(Session session, Session? before)
    {
        if (before?.Stored?.Gathers is { } gathers)
        {
            session.MakeStored().Gathers ??= gathers;
        }
    }

    /// <summary>The Will of the last connection goes into the log before this one begins, or a crash between the two would lose it.</summary>
    private PacketVerdict WaitForWill(BrokerConnection connection, Session session)
    {
        connection.Pause(PauseReason.Connecting);
        session.MakeStored().WhenWillsAreRecorded += () => GoOn(connection);
        return PacketVerdict.Pause;
    }

    private void GoOn(BrokerConnection connection)
    {
        if (!connection.IsDetached && Accept(connection) != PacketVerdict.Pause)
        {
            connection.Resume(PauseReason.Connecting);
        }
    }

    /// <summary>CONNACK 0x00, then whatever the session has for the client [MQTT-3.2.0-1].</summary>
    public void Answer(BrokerConnection connection, bool isPresent)
    {
        if (connection.Request is not { } request || connection.Session is not { } session)
        {
            return;
        }

        if (!TrySendConnAck(connection, request, session, isPresent))
        {
            // Nothing may come before CONNACK 0x00 [MQTT-3.2.0-1], so a client whose limit leaves no room for it cannot be served.
            Refuse(connection, ReasonCode.ImplementationSpecificError);
            return;
        }

        connection.Machine.Accept();
        shard.KeepAlives.Begin(connection);
        connection.Request = null;
        shard.Counters.ConnectionsOpened++;
        shard.Counters.ConnectionsNow++;
        connection.IsOpen = true;
        shard.Log.Connected(connection, session, request, isPresent);
        session.Outbox?.Restart();
        connection.Resume(PauseReason.Connecting);
        shard.Deliveries.Pump(session);
    }

    /// <summary>CONNACK with a code of 0x80 or above, and the end; what follows CONNECT is not read [MQTT-3.1.4-6].</summary>
    public PacketVerdict Refuse(BrokerConnection connection, ReasonCode reason, BrokerLimit? limit = null)
    {
        if ((limit ?? BrokerLimitName.CrossedBy(reason)) is { } crossed)
        {
            shard.Counters.Cross(crossed);
        }

        shard.Counters.Replied(connection.Machine.SendConnAck(connection.Output, new ConnAckPacket { Reason = reason }));
        connection.Machine.End();
        shard.Log.ConnectRefused(connection, reason, limit);
        shard.Endings.Detach(connection, ConnectionCause.Refused);
        connection.Output.Close();
        return PacketVerdict.End;
    }

    private ReasonCode Check(ConnectRequest request)
    {
        if (shard.IsStopping)
        {
            return ReasonCode.ServerUnavailable;
        }

        if (request.Will is not { } will)
        {
            return ReasonCode.Success;
        }

        if (will.Qos > Options.MaximumQos)
        {
            // A will above the supported QoS cannot be promised [MQTT-3.2.2-12].
            return ReasonCode.QoSNotSupported;
        }

        if (will.Retain && !Options.RetainAvailable)
        {
            // Nor a retained one without retained messages [MQTT-3.2.2-13].
            return ReasonCode.RetainNotSupported;
        }

        return TopicName.IsValid(will.Topic) && TopicName.CountLevels(will.Topic) <= Options.TopicLevelsMax
            ? ReasonCode.Success
            : ReasonCode.TopicNameInvalid;
    }

    private void Open(BrokerConnection connection, Session session, ConnectRequest request)
    {
        session.Epoch++;
        session.Connection = connection;
        shard.RecipientChanges++;
        session.Version = request.Version;
        session.UserName = request.UserName;
        session.Will = request.Will;
        shard.Sessions.SetExpiry(session, shard.Sessions.LimitExpiry(request.ExpiryIntervalSeconds));
        shard.Sessions.ClientIsBack(session);
        connection.Session = session;
        connection.SendWindow = connection.IsV5 ? connection.Machine.PeerReceiveMaximum : Options.OutgoingWindow3x;
        int aliasMaximum = Math.Min(connection.Machine.PeerTopicAliasMaximum, Options.TopicAliasMaximum);
        connection.Aliases = aliasMaximum > 0 ? new OutgoingAliases(aliasMaximum) : null;
    }

    private bool TrySendConnAck(BrokerConnection connection, ConnectRequest request, Session session, bool isPresent)
    {
        ConnAckPacket packet = new() { SessionPresent = isPresent, Reason = ReasonCode.Success };
        if (connection.IsV5)
        {
            packet.ReceiveMaximum = (ushort)Options.ReceiveMaximum;
            packet.MaximumPacketBytes = (uint)Options.PacketBytesMax;
            packet.TopicAliasMaximum = (ushort)Options.TopicAliasMaximum;
            packet.MaximumQos = Options.MaximumQos == QualityOfService.ExactlyOnce ? null : Options.MaximumQos;
            packet.RetainAvailable = Options.RetainAvailable ? null : false;
            packet.WildcardSubscriptionAvailable = Options.WildcardsAvailable ? null : false;
            packet.SharedSubscriptionAvailable = Options.SharedAvailable ? null : false;
            packet.SessionExpiryIntervalSeconds =
                session.ExpiryIntervalSeconds == request.ExpiryIntervalSeconds ? null : session.ExpiryIntervalSeconds;
            ushort keepAlive = shard.KeepAlives.Limit(request.KeepAliveSeconds);
            packet.ServerKeepAliveSeconds = keepAlive == request.KeepAliveSeconds ? null : keepAlive;
            if (request.IsAssigned)
            {
                // The client learns the identifier that was chosen for it [MQTT-3.1.3-7].
                packet.AssignedClientIdentifier = Encoding.UTF8.GetBytes(request.ClientIdentifier);
            }

            if (request.WantsResponseInformation && Options.ResponseInformation is { } information)
            {
                // Response Information goes to clients that asked for it only [MQTT-3.1.2-28].
                packet.ResponseInformation = Encoding.UTF8.GetBytes(information);
            }

            if (connection.Enhanced is { } enhanced)
            {
                // The method of CONNECT is repeated [MQTT-4.12.0-5]; without one there is none [MQTT-4.12.0-6].
                packet.HasAuthenticationMethod = true;
                packet.AuthenticationMethod = enhanced.Method;
                packet.HasAuthenticationData = !enhanced.LastData.IsEmpty;
                packet.AuthenticationData = enhanced.LastData.Span;
            }
        }

        int count = connection.Machine.SendConnAck(connection.Output, packet);
        shard.Counters.Replied(count);
        return count > 0;
    }
}
