using System.Text;
using Starling.Broker.Connections;
using Starling.Broker.Diagnostics;
using Starling.Broker.Ports;
using Starling.Broker.Shards;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;
using Starling.Protocol.Topics;

namespace Starling.Broker.Sessions;

/// <summary>SUBSCRIBE and UNSUBSCRIBE, and what becomes of subscriptions with their session.</summary>
internal sealed class Subscribing(Shard shard)
{
    private readonly List<Subscription> _wantRetained = [];

    private BrokerOptions Options => shard.Engine.Options;

    public PacketVerdict Receive(BrokerConnection connection, in SubscribePacket packet)
    {
        if (connection.Session is not { } session)
        {
            return PacketVerdict.End;
        }

        if (!TryAuthorize(connection, packet))
        {
            return PacketVerdict.Retry;
        }

        byte[] codes = new byte[packet.FilterCount];
        Ticket ticket = default;
        int i = 0;
        _wantRetained.Clear();
        foreach (SubscribeFilter filter in packet.Filters)
        {
            bool isAllowed = connection.Decisions is not { } decisions || decisions[i];
            ReasonCode code = isAllowed ? Check(session, filter.Filter) : ReasonCode.NotAuthorized;
            if (code == ReasonCode.Success)
            {
                code = Subscribe(session, filter, packet.SubscriptionIdentifier, ref ticket);
            }

            if ((byte)code >= 0x80)
            {
                Refused(connection, filter.Filter, code);
            }

            codes[i++] = (byte)code;
        }

        connection.Decisions?.Clear();
        if (connection.Machine.Version == MqttVersion.V31 && codes.Any(code => code >= 0x80))
        {
            // A SUBACK of 3.1 has no failure code, so the client hears of a refusal by the close [MQTT31-5].
            shard.Endings.Disconnect(connection, ReasonCode.NotAuthorized, ConnectionCause.Refused, null);
            return PacketVerdict.End;
        }

        if (!TryAnswer(connection, packet.PacketIdentifier, codes, ticket))
        {
            return PacketVerdict.End;
        }

        foreach (Subscription subscription in _wantRetained)
        {
            shard.Retained.Begin(session, subscription);
        }

        shard.Deliveries.Pump(connection);
        return connection.IsPaused ? PacketVerdict.Pause : PacketVerdict.Continue;
    }

    public PacketVerdict Receive(BrokerConnection connection, in UnsubscribePacket packet)
    {
        if (connection.Session is not { } session)
        {
            return PacketVerdict.End;
        }

        if (connection.Machine.Version != MqttVersion.V5 && !AreWellFormed(packet))
        {
            // An UNSUBACK of 3.x has no codes, so the client hears of a filter that is none by the close [MQTT311-4.7.3-1].
            shard.Endings.Disconnect(connection, ReasonCode.TopicFilterInvalid, ConnectionCause.Refused, null);
            return PacketVerdict.End;
        }

        byte[] codes = new byte[packet.FilterCount];
        Ticket ticket = default;
        int i = 0;
        foreach (UnsubscribeFilter filter in packet.Filters)
        {
            if (!IsWellFormed(filter.Filter, out _))
            {
                codes[i++] = (byte)ReasonCode.TopicFilterInvalid;
                continue;
            }

            // Filters are compared character by character [MQTT-3.10.4-1]; an unknown one gives 0x11 [U5-37].
            string key = Encoding.UTF8.GetString(filter.Filter);
            bool existed = session.Subscriptions is { } subscriptions && subscriptions.Remove(key, out Subscription? subscription)
                && End(subscription);
            if (existed)
            {
                Ticket recorded = shard.Records.Unsubscribed(session, filter.Filter);
                ticket = recorded.IsNone ? ticket : recorded;
            }

            codes[i++] = (byte)(existed ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted);
        }

        if (ticket.Lsn > shard.Store.CommittedLsn || connection.Pending is { Count: > 0 })
        {
            PendingAnswers.Of(connection).AddUnsubAck(ticket, packet.PacketIdentifier, codes);
        }
        else if (!shard.Endings.TryAnswer(connection, connection.Machine.SendUnsubAck(connection.Output, packet.PacketIdentifier, codes)))
        {
            return PacketVerdict.End;
        }

        return connection.IsPaused ? PacketVerdict.Pause : PacketVerdict.Continue;
    }

    /// <summary>Makes a subscription of an earlier run again.</summary>
    public void Restore(Session session, ReadOnlySpan<byte> filter, byte options, uint identifier)
    {
        Subscription subscription = Create(session, filter);
        subscription.MaximumQos = (QualityOfService)(options & 0x03);
        subscription.NoLocal = (options & 0x04) != 0;
        subscription.RetainAsPublished = (options & 0x08) != 0;
        subscription.SubscriptionIdentifier = identifier;
        session.Subscriptions ??= new Dictionary<string, Subscription>(1, StringComparer.Ordinal);
        session.Subscriptions.Add(Encoding.UTF8.GetString(filter), subscription);
        Hang(session, subscription);
    }

    public void RemoveAll(Session session)
    {
        if (session.Subscriptions is not { } subscriptions)
        {
            return;
        }

        foreach (Subscription subscription in subscriptions.Values)
        {
            End(subscription);
        }

        session.Subscriptions = null;
    }

    /// <summary>The session has begun or ceased to outlive its connection.</summary>
    public void SetPersistent(Subscription subscription, bool isPersistent)
    {
        if (subscription.Member is { } member)
        {
            member.IsPersistent = isPersistent;
        }
        else
        {
            shard.Engine.Subscriptions.SetPersistent(shard.Index, subscription, isPersistent);
        }
    }

    /// <summary>The client of the session came or went; shared groups prefer members that are there.</summary>
    public void SetOnline(Session session, bool isOnline)
    {
        if (session.SharedCount == 0 || session.Subscriptions is not { } subscriptions)
        {
            return;
        }

        foreach (Subscription subscription in subscriptions.Values)
        {
            if (subscription.Member is { } member)
            {
                member.IsOnline = isOnline;
            }
        }
    }

    private bool TryAuthorize(BrokerConnection connection, in SubscribePacket packet)
    {
        if (shard.Engine.Ports.Authorizer is null)
        {
            return true;
        }

        int question = 0;
        foreach (SubscribeFilter filter in packet.Filters)
        {
            if (!shard.Authorizing.TryDecide(connection, AuthorizationAction.Subscribe, filter.Filter, question++, out _))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a filter is accepted; each refusal has its code [MQTT-3.9.3-2], and 3.x its 0x80.</summary>
    private ReasonCode Check(Session session, ReadOnlySpan<byte> filter)
    {
        if (!IsWellFormed(filter, out ReadOnlySpan<byte> plain))
        {
            return ReasonCode.TopicFilterInvalid;
        }

        if (SharedFilter.IsShared(filter) && !Options.SharedAvailable)
        {
            return ReasonCode.SharedSubscriptionsNotSupported;
        }

        if (!Options.WildcardsAvailable && TopicFilter.HasWildcards(plain))
        {
            return ReasonCode.WildcardSubscriptionsNotSupported;
        }

        if (TopicName.CountLevels(plain) > Options.TopicLevelsMax)
        {
            return ReasonCode.TopicFilterInvalid;
        }

        bool isFull = session.Subscriptions is { } subscriptions && subscriptions.Count >= Options.SubscriptionsPerSessionMax
            && !subscriptions.ContainsKey(Encoding.UTF8.GetString(filter));
        return isFull ? ReasonCode.QuotaExceeded : ReasonCode.Success;
    }

    private static bool IsWellFormed(ReadOnlySpan<byte> filter, out ReadOnlySpan<byte> plain)
    {
        plain = filter;

        // A ShareName has at least one character and no wildcard, and a filter follows it [MQTT-4.8.2-1], [MQTT-4.8.2-2]; no filter is
        // empty [MQTT-4.7.3-1].
        return (!SharedFilter.IsShared(filter) || SharedFilter.TryParse(filter, out _, out plain)) && TopicFilter.IsValid(plain);
    }

    private static bool AreWellFormed(in UnsubscribePacket packet)
    {
        foreach (UnsubscribeFilter filter in packet.Filters)
        {
            if (!IsWellFormed(filter.Filter, out _))
            {
                return false;
            }
        }

        return true;
    }

    private ReasonCode Subscribe(Session session, in SubscribeFilter asked, uint identifier, ref Ticket ticket)
    {
        string key = Encoding.UTF8.GetString(asked.Filter);
        Dictionary<string, Subscription> subscriptions = session.Subscriptions ??= new Dictionary<string, Subscription>(1, StringComparer.Ordinal);
        bool isNew = !subscriptions.TryGetValue(key, out Subscription? subscription);
        if (subscription is null)
        {
            subscription = Create(session, asked.Filter);
            subscriptions.Add(key, subscription);
        }

        // A server with a lower Maximum QoS grants as much as it has [MQTT-3.2.2-10]. The same filter replaces options and identifier
        // of the old subscription in place, so no message is lost meanwhile [MQTT-3.8.4-3], [MQTT-3.8.4-4].
        subscription.MaximumQos = asked.MaximumQos < Options.MaximumQos ? asked.MaximumQos : Options.MaximumQos;
        subscription.NoLocal = asked.NoLocal;
        subscription.RetainAsPublished = asked.RetainAsPublished;
        subscription.SubscriptionIdentifier = identifier;

        // A subscription enters the log before the tree.
        Ticket recorded = shard.Records.Subscribed(session, subscription, asked.Filter, OptionsOf(asked));
        ticket = recorded.IsNone ? ticket : recorded;
        if (isNew)
        {
            Hang(session, subscription);
        }
        else
        {
            shard.RecipientChanges++;
        }

        bool wantsRetained = asked.RetainHandling == RetainHandling.SendAtSubscribe
            || (asked.RetainHandling == RetainHandling.SendIfNew && isNew);

        // Retained messages do not come for shared subscriptions [U5-33].
        if (wantsRetained && subscription.ShareName is null)
        {
            _wantRetained.Add(subscription);
        }

        return (ReasonCode)(byte)subscription.MaximumQos;
    }

    private static Subscription Create(Session session, ReadOnlySpan<byte> filter)
    {
        if (SharedFilter.IsShared(filter) && SharedFilter.TryParse(filter, out ReadOnlySpan<byte> shareName, out ReadOnlySpan<byte> plain))
        {
            return new Subscription { Session = session, Filter = plain.ToArray(), ShareName = shareName.ToArray() };
        }

        return new Subscription { Session = session, Filter = filter.ToArray() };
    }

    private void Hang(Session session, Subscription subscription)
    {
        if (subscription.ShareName is null)
        {
            shard.Counters.SubscriptionsNow++;
            shard.Engine.Subscriptions.Add(shard.Index, subscription, session.IsPersistent);
            return;
        }

        shard.Counters.SharedSubscriptionsNow++;
        session.SharedCount++;
        subscription.Member = shard.Engine.Subscriptions.AddShared(shard.Index, subscription, session.Connection is not null);
        subscription.Member.IsPersistent = session.IsPersistent;
    }

    private bool End(Subscription subscription)
    {
        subscription.IsEnded = true;
        if (subscription.Member is { } member)
        {
            shard.Counters.SharedSubscriptionsNow--;
            subscription.Session.SharedCount--;
            shard.Engine.Subscriptions.RemoveShared(member);
        }
        else
        {
            shard.Counters.SubscriptionsNow--;
            shard.Engine.Subscriptions.Remove(shard.Index, subscription);
        }

        return true;
    }

    private bool TryAnswer(BrokerConnection connection, ushort packetIdentifier, byte[] codes, Ticket ticket)
    {
        if (ticket.Lsn <= shard.Store.CommittedLsn && connection.Pending is not { Count: > 0 })
        {
            return shard.Endings.TryAnswer(connection, connection.Machine.SendSubAck(connection.Output, packetIdentifier, codes));
        }

        PendingAnswers.Of(connection).AddSubAck(ticket, packetIdentifier, codes);
        return true;
    }

    private void Refused(BrokerConnection connection, ReadOnlySpan<byte> filter, ReasonCode code)
    {
        shard.Counters.CrossBy(code);
        if (code == ReasonCode.QuotaExceeded)
        {
            shard.Counters.Cross(BrokerLimit.SubscriptionsPerSessionMax);
        }
        else if (code == ReasonCode.TopicFilterInvalid && TopicName.CountLevels(filter) > Options.TopicLevelsMax)
        {
            shard.Counters.Cross(BrokerLimit.TopicLevelsMax);
        }

        shard.Log.SubscribeRefused(connection, filter, code);
    }

    private static byte OptionsOf(in SubscribeFilter filter) => (byte)(
        (byte)filter.MaximumQos
        | (filter.NoLocal ? 0x04 : 0)
        | (filter.RetainAsPublished ? 0x08 : 0)
        | ((byte)filter.RetainHandling << 4));
}
