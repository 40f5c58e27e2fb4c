using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Client.Core;

/// <summary>Publishing, on the caller's thread: checks, encodes, and hands over to the loop. Any thread.</summary>
internal sealed class Publisher(ClientCore core, Outbox outbox)
{
    private TopicCache? _lastTopic;

    /// <summary>
    /// QoS 0: done when the packet is in the stream of the connection, which needs no wake-up of its own; waits only while that stream
    /// is a megabyte behind.
    /// </summary>
    public ValueTask<PublishResult> PublishPlainAsync(MqttMessage message, CancellationToken ct)
    {
        byte[] topic = EncodeTopic(message.Topic);
        byte[]? properties = MessageEncoder.EncodeProperties(message);
        return TryPost(message, topic, properties, out PublishResult? result)
            ? ValueTask.FromResult(result)
            : PublishWhenRoomAsync(message, topic, properties, ct);
    }

    /// <summary>QoS 1 and 2: done when the server has answered.</summary>
    public async ValueTask<PublishResult> PublishAcknowledgedAsync(MqttMessage message, CancellationToken ct)
    {
        byte[] topic = EncodeTopic(message.Topic);
        byte[]? properties = MessageEncoder.EncodeProperties(message);
        long bytes = topic.Length + message.Payload.Length + (properties?.Length ?? 0);
        ValueTask room = outbox.EnterAsync(bytes, ct);
        await room.ConfigureAwait(false);
        PublishCall call = new(outbox, bytes);
        OutgoingMessage outgoing = new()
        {
            Topic = topic,
            Payload = message.Payload,
            Properties = properties ?? ReadOnlyMemory<byte>.Empty,
            Qos = message.Qos,
            Retain = message.Retain,
            MessageExpiryIntervalSeconds = message.Expiry is { } expiry ? MessageEncoder.Seconds(expiry) : null,
            Tag = call,
        };
        core.Mailbox.Post(outgoing);
        if (!ct.CanBeCanceled)
        {
            return await call.Task.ConfigureAwait(false);
        }

        await using (ct.UnsafeRegister((_, token) => Cancel(call, token), null).ConfigureAwait(false))
        {
            return await call.Task.ConfigureAwait(false);
        }
    }

    // A message that was not sent yet is taken back; else the exchange goes on, because its Packet Identifier is owed.
    private void Cancel(PublishCall call, CancellationToken ct)
    {
        call.Cancel(ct);
        core.Mailbox.Post(_ =>
        {
            if (core.Session.RemoveWaiting(message => message.Tag == call) > 0)
            {
                call.Leave();
            }
        });
    }

    private async ValueTask<PublishResult> PublishWhenRoomAsync(
        MqttMessage message, byte[] topic, byte[]? properties, CancellationToken ct)
    {
        while (true)
        {
            await core.Mailbox.WhenRoom().WaitAsync(ct).ConfigureAwait(false);
            if (TryPost(message, topic, properties, out PublishResult? result))
            {
                return result;
            }
        }
    }

    private bool TryPost(
        MqttMessage message,
        byte[] topic,
        byte[]? properties,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PublishResult? result)
    {
        LiveLink live = core.Live
            ?? throw new MqttNotConnectedException("A QoS 0 message is not kept while there is no connection.", isTransient: true);
        bool isV5 = live.Limits.Version == MqttVersion.V5;
        PublishPacket packet = new()
        {
            Topic = topic,
            Payload = message.Payload.Span,
            Retain = message.Retain,
            Properties = isV5 ? properties : default(ReadOnlySpan<byte>),
            MessageExpiryIntervalSeconds = isV5 && message.Expiry is { } expiry ? MessageEncoder.Seconds(expiry) : null,
        };
        int packetBytes = packet.GetByteCount(live.Limits.Version);
        ReasonCode reason = live.Limits.Check(QualityOfService.AtMostOnce, message.Retain, packetBytes);
        result = reason == ReasonCode.Success ? PublishResult.Written : PublishResult.Refused(reason);
        return reason != ReasonCode.Success || core.Mailbox.TryPost(packet, packetBytes, live.Limits.Version, live.Generation);
    }

    // Programs publish to the same topic again and again.
    private byte[] EncodeTopic(string topic)
    {
        TopicCache? last = Volatile.Read(ref _lastTopic);
        if (last?.Topic == topic)
        {
            return last.Bytes;
        }

        byte[] bytes = MqttText.EncodeTopic(topic, nameof(topic));
        Volatile.Write(ref _lastTopic, new TopicCache(topic, bytes));
        return bytes;
    }

    private sealed record TopicCache(string Topic, byte[] Bytes);
}
