using System.Text;
using Starling.Conformance.Wire;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>Writes PUBLISH to a client.</summary>
internal static class MessageSender
{
    /// <summary>Sends a message, unless the client takes nothing so large.</summary>
    /// <returns>Whether it was sent.</returns>
    public static bool TrySend(ScriptedConnection connection, Delivery delivery, bool isRepeat)
    {
        ConnectRequest? request = connection.Request;
        string topic = delivery.Message.Topic;
        int aliasMaximum = connection.Fault switch
        {
            Fault.TopicAliasUnasked => 5,
            Fault.TopicAliasAboveMaximumSent => (request?.TopicAliasMaximum ?? 0) is > 0 and int maximum ? maximum + 1 : 0,
            _ => request?.TopicAliasMaximum ?? 0,
        };
        (int alias, bool isKnown) = connection.IsV5 ? connection.OutgoingAliases.Find(topic, aliasMaximum) : (0, false);
        isKnown &= !connection.Has(Fault.TopicAliasUnasked);
        ByteWriter body = new ByteWriter().Binary(Encoding.Latin1.GetBytes(isKnown ? "" : topic));
        if (delivery.Qos > 0 || (delivery.Message.Qos == 2 && connection.Has(Fault.IdentifierKeptAtQos0)))
        {
            body.TwoByte(delivery.Identifier);
        }

        bool isBare = delivery.Message.Payload.Length == 0 && connection.Has(Fault.EmptyPropertiesUnwritten);
        if (connection.IsV5 && !isBare)
        {
            body.Block(Properties(connection, delivery, alias));
        }

        body.Raw(delivery.Message.Payload);
        int flags = (delivery.Qos << 1) | (delivery.Retain ? 1 : 0) | (IsDuplicate(connection, delivery, isRepeat) ? 8 : 0);
        byte[] packet = PacketBytes.Frame(0x30 | flags, body.ToArray());
        if (packet.Length > (request?.MaximumPacketSize ?? uint.MaxValue) && !connection.Has(Fault.MaximumPacketSizeIgnored))
        {
            return false;
        }

        connection.Send(0x30 | flags, body.ToArray());
        if (alias > 0)
        {
            connection.OutgoingAliases.Set(topic, alias);
        }

        return true;
    }

    private static bool IsDuplicate(ScriptedConnection connection, Delivery delivery, bool isRepeat) => connection.Fault switch
    {
        Fault.DuplicateCopied => delivery.Qos > 0 && (isRepeat || delivery.Message.Duplicate),
        Fault.DuplicateMissing => false,
        Fault.DuplicateAtQos0 => isRepeat || delivery.Qos == 0,
        Fault.DuplicateAtFirst => delivery.Qos > 0,
        _ => isRepeat,
    };

    private static byte[] Properties(ScriptedConnection connection, Delivery delivery, int alias)
    {
        List<byte> properties = [];
        if (!connection.Has(Fault.SubscriptionIdentifiersUnsent))
        {
            foreach (int identifier in delivery.SubscriptionIdentifiers)
            {
                properties.AddRange(Property.SubscriptionIdentifier(identifier));
            }
        }

        if (Lifetime(connection, delivery) is { } seconds)
        {
            properties.AddRange(Property.MessageExpiryInterval((uint)Math.Max(0, seconds)));
        }

        foreach (WireProperty property in delivery.Message.Properties)
        {
            properties.Add((byte)property.Id);
            properties.AddRange(property.Value);
        }

        if (alias > 0)
        {
            properties.AddRange(Property.TopicAlias(connection.Has(Fault.TopicAliasZeroSent) ? 0 : alias));
        }

        return [.. properties];
    }

    private static long? Lifetime(ScriptedConnection connection, Delivery delivery)
    {
        bool isWhole = connection.Fault switch
        {
            Fault.ExpiryOfQueuedNotCounted => !delivery.IsRetained && !delivery.Message.IsWill,
            Fault.ExpiryOfRetainedNotCounted => delivery.IsRetained && !delivery.Message.IsWill,
            Fault.ExpiryOfWillNotCounted => delivery.Message.IsWill,
            _ => false,
        };
        return isWhole ? delivery.Message.Expiry : delivery.Message.Left(connection.Server.Clock.Now);
    }
}
