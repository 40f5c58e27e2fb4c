using Starling.Client.Outboxes;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Client.Core;

/// <summary>Publishing, on the caller's thread: checks, encodes, and hands over to the loop. Any thread.</summary>
internal sealed class Publisher(ClientCore core, Outbox outbox, OutboxStore? store, TimeProvider time)
{
    private TopicCache? _lastTopic;
    private ulong _lastTicket;

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
        Draft draft = new(message, EncodeTopic(message.Topic), MessageEncoder.EncodeProperties(message));
        ReasonCode reason = Check(draft);
        if (reason != ReasonCode.Success)
        {
            return PublishResult.Refused(reason);
        }

        PublishCall call = await BeginAsync(draft, isTicket: false, ct).ConfigureAwait(false);
        if (!ct.CanBeCanceled)
        {
            return await call.Task.ConfigureAwait(false);
        }

        await using (ct.UnsafeRegister((_, token) => Cancel(call, token), null).ConfigureAwait(false))
        {
            return await call.Task.ConfigureAwait(false);
        }
    }

    /// <summary>QoS 1 and 2: done when the message is in the outbox.</summary>
    public async ValueTask<OutboxTicket> EnqueueAsync(MqttMessage message, CancellationToken ct)
    {
        Draft draft = new(message, EncodeTopic(message.Topic), MessageEncoder.EncodeProperties(message));
        ReasonCode reason = Check(draft);
        if (reason != ReasonCode.Success)
        {
            throw PublishCall.Rejection(message.Qos, PublishResult.Refused(reason));
        }

        PublishCall call = await BeginAsync(draft, isTicket: true, ct).ConfigureAwait(false);
        if (!call.Stored.IsCompleted)
        {
            await using (ct.UnsafeRegister((_, token) => Cancel(call, token), null).ConfigureAwait(false))
            {
                await call.Stored.ConfigureAwait(false);
            }
        }

        await call.Stored.ConfigureAwait(false);
        return new OutboxTicket(call.Id, call.Task);
    }

    // Takes room, and hands the message to the file, or without one to the loop.
    private async ValueTask<PublishCall> BeginAsync(Draft draft, bool isTicket, CancellationToken ct)
    {
        (MqttMessage message, byte[] topic, byte[]? properties) = draft;
        long bytes = topic.Length + (long)message.Payload.Length + (properties?.Length ?? 0);
        long? expiry = message.Expiry is { } interval ? time.GetUtcNow().ToUnixTimeMilliseconds() + Milliseconds(interval) : null;
        await outbox.EnterAsync(bytes, ct).ConfigureAwait(false);
        PublishCall call = new(outbox, bytes) { Store = store, IsTicket = isTicket, ExpiresAtUtcMilliseconds = expiry };
        call.Message = new OutgoingMessage
        {
            Topic = topic,
            Payload = message.Payload,
            Properties = properties ?? ReadOnlyMemory<byte>.Empty,
            Qos = message.Qos,
            Retain = message.Retain,
            AwaitsRelease = store is not null && message.Qos == QualityOfService.ExactlyOnce,
            Tag = call,
        };
        if (store is not null)
        {
            store.Add(call);
        }
        else
        {
            call.Id = Interlocked.Increment(ref _lastTicket);
            call.SetStored();
            core.Mailbox.Post(call.Message);
        }

        return call;
    }

    // What the server that is there now would not take is refused at once; with none there, the next one is asked.
    private ReasonCode Check(in Draft draft)
    {
        if (core.Live is not { } live)
        {
            return ReasonCode.Success;
        }

        bool isV5 = live.Limits.Version == MqttVersion.V5;
        PublishPacket packet = new()
        {
            Qos = draft.Message.Qos,
            Topic = draft.Topic,
            Payload = draft.Message.Payload.Span,
            Properties = isV5 ? draft.Properties : default(ReadOnlySpan<byte>),
            MessageExpiryIntervalSeconds = isV5 && draft.Message.Expiry is not null ? 1 : null,
        };
        return live.Limits.Check(draft.Message.Qos, draft.Message.Retain, packet.GetByteCount(live.Limits.Version));
    }

    // A message that was not sent yet is taken back; else the exchange goes on, because its Packet Identifier is owed.
    private void Cancel(PublishCall call, CancellationToken ct)
    {
        call.Cancel(ct);
        core.Mailbox.Post(_ => core.Outgoing.Cancel(call));
    }

    // Rounded up to whole seconds, as it is sent.
    private static long Milliseconds(TimeSpan expiry) => MessageEncoder.Seconds(expiry) * 1000L;

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
        return reason != ReasonCode.Success || core.Mailbox.TryPost(packet, topic, packetBytes, live);
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

    private readonly record struct Draft(MqttMessage Message, byte[] Topic, byte[]? Properties);

    private sealed record TopicCache(string Topic, byte[] Bytes);
}
