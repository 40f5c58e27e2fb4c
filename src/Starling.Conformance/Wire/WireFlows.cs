using Starling.Conformance.Running;
using Starling.Protocol;

namespace Starling.Conformance.Wire;

/// <summary>Whole exchanges on a connection, as a correct client does them.</summary>
internal static class WireFlows
{
    /// <summary>Publishes and waits for the answers that the QoS asks for.</summary>
    /// <returns>The reason of PUBACK or PUBREC; success for QoS 0.</returns>
    public static async Task<ReasonCode> PublishAsync(this WireClient client, WireMessage message)
    {
        int identifier = message.Qos == 0 ? 0 : client.NextIdentifier();
        await client.SendAsync(PacketBytes.Publish(client.Version, message, identifier)).ConfigureAwait(false);
        if (message.Qos == 0)
        {
            return ReasonCode.Success;
        }

        PacketType answerType = message.Qos == 1 ? PacketType.PubAck : PacketType.PubRec;
        WirePacket answer = await client.TakeAsync(answerType).ConfigureAwait(false);
        Require(answer.Identifier == identifier, $"{answerType} of {identifier} was due; {answer}");
        if (message.Qos == 2 && answer.Reason < ReasonCode.UnspecifiedError)
        {
            await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubRel, identifier)).ConfigureAwait(false);
            WirePacket complete = await client.TakeAsync(PacketType.PubComp).ConfigureAwait(false);
            Require(complete.Identifier == identifier, $"PUBCOMP of {identifier} was due; {complete}");
        }

        return answer.Reason;
    }

    /// <summary>Publishes a text.</summary>
    public static Task<ReasonCode> PublishAsync(this WireClient client, string topic, string text, int qos = 0, bool retain = false) =>
        client.PublishAsync(new WireMessage(topic, text) { Qos = qos, Retain = retain });

    /// <summary>Subscribes to filters, each with its options byte.</summary>
    /// <returns>The codes of SUBACK, as they are.</returns>
    public static Task<byte[]> TrySubscribeAsync(this WireClient client, params (string Filter, int Options)[] filters) =>
        client.TrySubscribeAsync([], filters);

    /// <summary>Subscribes with properties of 5.0.</summary>
    public static async Task<byte[]> TrySubscribeAsync(this WireClient client, byte[] properties, params (string Filter, int Options)[] filters)
    {
        int identifier = client.NextIdentifier();
        await client.SendAsync(PacketBytes.Subscribe(client.Version, identifier, properties, filters)).ConfigureAwait(false);
        WirePacket answer = await client.TakeAsync(PacketType.SubAck).ConfigureAwait(false);
        Require(answer.Identifier == identifier && answer.Codes.Length > 0, $"SUBACK of {identifier} with codes was due; {answer}");
        return answer.Codes;
    }

    /// <summary>Subscribes to filters, each of which must be granted.</summary>
    public static Task SubscribeAsync(this WireClient client, params (string Filter, int Options)[] filters) => client.SubscribeAsync([], filters);

    /// <summary>Subscribes with properties of 5.0; each filter must be granted.</summary>
    public static async Task SubscribeAsync(this WireClient client, byte[] properties, params (string Filter, int Options)[] filters)
    {
        byte[] codes = await client.TrySubscribeAsync(properties, filters).ConfigureAwait(false);
        Require(
            codes.Length == filters.Length && codes.All(code => code <= 2),
            $"{string.Join(", ", filters.Select(filter => filter.Filter))} should have been granted; SUBACK has {Convert.ToHexString(codes)}");
    }

    /// <summary>Unsubscribes.</summary>
    /// <returns>The codes of UNSUBACK; none in 3.x.</returns>
    public static async Task<byte[]> UnsubscribeAsync(this WireClient client, params string[] filters)
    {
        int identifier = client.NextIdentifier();
        await client.SendAsync(PacketBytes.Unsubscribe(client.Version, identifier, filters)).ConfigureAwait(false);
        WirePacket answer = await client.TakeAsync(PacketType.UnsubAck).ConfigureAwait(false);
        Require(answer.Identifier == identifier, $"UNSUBACK of {identifier} was due; {answer}");
        return answer.Codes;
    }

    /// <summary>The next message; QoS 1 and 2 are acknowledged to the end.</summary>
    public static async Task<WirePacket> ReceiveAsync(this WireClient client, TimeSpan? limit = null)
    {
        WirePacket publish = await client.TakeAsync(PacketType.Publish, limit).ConfigureAwait(false);
        await client.AcknowledgeAsync(publish).ConfigureAwait(false);
        return publish;
    }

    /// <summary>So many messages in order, each acknowledged to the end.</summary>
    public static async Task<IReadOnlyList<WirePacket>> ReceiveAsync(this WireClient client, int count, TimeSpan? limit = null)
    {
        List<WirePacket> messages = [];
        while (messages.Count < count)
        {
            messages.Add(await client.ReceiveAsync(limit).ConfigureAwait(false));
        }

        return messages;
    }

    /// <summary>Answers a delivery as its QoS asks: PUBACK, or PUBREC, the server's PUBREL and PUBCOMP.</summary>
    public static async Task AcknowledgeAsync(this WireClient client, WirePacket publish)
    {
        if (publish.Qos == 1)
        {
            await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubAck, publish.Identifier)).ConfigureAwait(false);
        }
        else if (publish.Qos == 2)
        {
            await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, publish.Identifier)).ConfigureAwait(false);
            WirePacket release = await client.TakeAsync(PacketType.PubRel).ConfigureAwait(false);
            Require(release.Identifier == publish.Identifier, $"PUBREL of {publish.Identifier} was due; {release}");
            await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubComp, publish.Identifier)).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the connection normally. A server closes it then, or waits for the client to do so; both is done when this returns.</summary>
    public static async Task DisconnectAsync(this WireClient client)
    {
        await client.SendAsync(PacketBytes.Disconnect).ConfigureAwait(false);
        await client.DrainAsync().ConfigureAwait(false);
        await client.DisposeAsync().ConfigureAwait(false);
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new CaseFailedException(message);
        }
    }
}
