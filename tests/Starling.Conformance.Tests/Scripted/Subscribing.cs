using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>What SUBSCRIBE and UNSUBSCRIBE lead to.</summary>
internal static class Subscribing
{
    private const byte FailureOf311 = 0x80;

    public static void OnSubscribe(ScriptedConnection connection, ScriptedSession session, FieldReader reader)
    {
        int identifier = reader.Identifier(Fault.SubscribeIdentifierZeroTolerated);
        PropertyList properties = connection.IsV5 ? reader.Properties(PacketType.Subscribe) : PropertyList.Empty;
        Demand(!reader.IsAtEnd || connection.Has(Fault.EmptySubscribeTolerated), ReasonCode.ProtocolError);
        List<(string Filter, int Options)> filters = [];
        while (!reader.IsAtEnd)
        {
            filters.Add((reader.Text(Fault.IllFormedSubscribeFilterTolerated), reader.Byte()));
            DemandOptions(connection, filters[^1].Filter, filters[^1].Options);
        }

        int subscriptionIdentifier = (int)properties.Number(PropertyId.SubscriptionIdentifier, 0);
        List<byte> codes = [];
        List<(ScriptedSubscription Subscription, bool IsNew)> granted = [];
        foreach ((string text, int options) in filters)
        {
            codes.Add(Subscribe(connection, session, (text, options, subscriptionIdentifier), granted));
        }

        if (!connection.Has(Fault.RepeatedSubscribeUnanswered) || granted.Count == 0 || granted.Exists(one => one.IsNew))
        {
            connection.Replies.Codes(PacketType.SubAck, identifier, codes);
        }

        foreach ((ScriptedSubscription subscription, bool isNew) in granted)
        {
            connection.Server.Retained.SendTo(session, subscription, isNew);
        }
    }

    public static void OnUnsubscribe(ScriptedConnection connection, ScriptedSession session, FieldReader reader)
    {
        int identifier = reader.Identifier(Fault.UnsubscribeIdentifierZeroTolerated);
        if (connection.IsV5)
        {
            reader.Properties(PacketType.Unsubscribe);
        }

        Demand(!reader.IsAtEnd || connection.Has(Fault.EmptyUnsubscribeTolerated), ReasonCode.ProtocolError);
        List<byte> codes = [];
        List<string> filters = [];
        while (!reader.IsAtEnd)
        {
            filters.Add(reader.Text(Fault.IllFormedUnsubscribeFilterTolerated));
            Demand(filters[^1].Length > 0 || connection.Has(Fault.EmptyFilterTolerated), ReasonCode.ProtocolError);
        }

        foreach (string filter in filters)
        {
            bool isThere = Remove(connection, session, filter);
            bool isFine = isThere || connection.Has(Fault.UnknownUnsubscribeSucceeds);
            codes.Add((byte)(isFine ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted));
        }

        bool isSilent = connection.Fault switch
        {
            Fault.UnknownUnsubscribeUnanswered => codes.TrueForAll(code => code != 0),
            _ => false,
        };
        if (!isSilent)
        {
            connection.Replies.Codes(PacketType.UnsubAck, identifier, codes);
        }
    }

    private static bool Remove(ScriptedConnection connection, ScriptedSession session, string filter)
    {
        switch (connection.Fault)
        {
            case Fault.UnsubscribeWithoutEffect:
                return session.Subscriptions.ContainsKey(filter);
            case Fault.UnsubscribeByMatch:
                string[] matching = [.. session.Subscriptions.Keys.Where(other => Topics.IsMatch(other, filter, connection.Fault))];
                return Array.FindAll(matching, session.Subscriptions.Remove).Length > 0;
            case Fault.UnsubscribeDropsDeliveries:
                session.Window.Clear();
                return session.Subscriptions.Remove(filter);
            case Fault.SubscriptionIdentifierOutlivesUnsubscribe:
                session.FormerIdentifiers[filter] = session.Subscriptions.GetValueOrDefault(filter)?.Identifier ?? 0;
                return session.Subscriptions.Remove(filter);
            default:
                return session.Subscriptions.Remove(filter);
        }
    }

    private static void DemandOptions(ScriptedConnection connection, string filter, int options)
    {
        int reserved = connection.IsV5 ? 0xC0 : 0xFC;
        Demand((options & reserved) == 0 || connection.Has(Fault.SubscribeReservedBitsTolerated), ReasonCode.MalformedPacket);
        Demand((options & 3) != 3 || connection.Has(Fault.SubscribeQos3Tolerated), ReasonCode.ProtocolError);
        if (connection.IsV5)
        {
            Demand((options & 0x30) != 0x30 || connection.Has(Fault.RetainHandling3Tolerated), ReasonCode.ProtocolError);
            bool isShared = filter.StartsWith(Topics.SharePrefix, StringComparison.Ordinal);
            Demand(!isShared || (options & 4) == 0 || connection.Has(Fault.SharedNoLocalTolerated), ReasonCode.ProtocolError);
        }

        Demand(filter.Length > 0 || connection.Has(Fault.EmptyFilterTolerated), ReasonCode.ProtocolError);
    }

    private static byte Subscribe(
        ScriptedConnection connection,
        ScriptedSession session,
        (string Text, int Options, int Identifier) wanted,
        List<(ScriptedSubscription Subscription, bool IsNew)> granted)
    {
        if (Split(connection, wanted.Text) is not (string filter, var share) || !Topics.IsFilter(filter, connection.Fault))
        {
            return Failure(connection, ReasonCode.TopicFilterInvalid);
        }

        if (Topics.IsDenied(filter))
        {
            return Failure(connection, ReasonCode.NotAuthorized);
        }

        bool isNew = !session.Subscriptions.TryGetValue(wanted.Text, out ScriptedSubscription? old);
        int options = (wanted.Options & 3) == 3 ? wanted.Options - 1 : wanted.Options;
        if (old is not null && connection.Has(Fault.ResubscribeKeepsOptions))
        {
            options = old.Options;
        }

        bool isIdentifierKept = old is not null && wanted.Identifier == 0 && connection.Has(Fault.SubscriptionIdentifierKept);
        int identifier = isIdentifierKept ? old?.Identifier ?? 0 : wanted.Identifier;
        ScriptedSubscription subscription = new(
            filter, share, options, identifier > 0 ? identifier : session.FormerIdentifiers.GetValueOrDefault(wanted.Text));
        session.Subscriptions[wanted.Text] = subscription;
        if (old is not null && connection.Has(Fault.ResubscribeDoubles))
        {
            session.Subscriptions[wanted.Text + " again"] = subscription;
        }

        granted.Add((subscription, isNew));
        return (byte)(options & 3);
    }

    /// <summary>The filter and the share in a text of SUBSCRIBE; null when there should be a share and is none.</summary>
    private static (string Filter, string? Share)? Split(ScriptedConnection connection, string text)
    {
        if (!connection.IsV5 || !text.StartsWith("$share", StringComparison.Ordinal))
        {
            return (text, null);
        }

        string[] parts = text.Split('/', 3);
        if (parts.Length < 3 || parts[0] != "$share" || parts[2].Length == 0)
        {
            return connection.Has(Fault.ShareWithoutFilterAccepted) ? (text, null) : null;
        }

        bool isNamed = parts[1].Length > 0 || connection.Has(Fault.ShareWithoutNameAccepted);
        bool isPlain = !parts[1].AsSpan().ContainsAny('+', '#') || connection.Has(Fault.ShareNameWildcardsAccepted);
        return isNamed && isPlain ? (parts[2], parts[1]) : null;
    }

    private static byte Failure(ScriptedConnection connection, ReasonCode reason)
    {
        if (connection.Version == MqttVersion.V31 && !connection.Has(Fault.SubscribeFailureIn31))
        {
            throw new RefusalException(reason);
        }

        return connection.IsV5 ? (byte)reason : FailureOf311;
    }

    private static void Demand(bool condition, ReasonCode reason)
    {
        if (!condition)
        {
            throw new RefusalException(reason);
        }
    }
}
