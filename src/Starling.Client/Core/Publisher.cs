using System.Diagnostics.CodeAnalysis;
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
    public ValueTask<PublishResult> PublishPlainAsync(MqttMessage message, bool refusalThrows, CancellationToken ct)
    {
        Draft draft = new(message, EncodeTopic(message.Topic), MessageEncoder.EncodeProperties(message));
        return TryPost(draft, out int packetBytes, out PublishResult? result)
            ? Answer(message.Qos, result, refusalThrows)
            : PublishWhenRoomAsync(draft, packetBytes, refusalThrows, ct);
    }

    /// <summary>QoS 1 and 2: done when the server has answered.</summary>
    public ValueTask<PublishResult> PublishAcknowledgedAsync(MqttMessage message, bool refusalThrows, CancellationToken ct)
    {
        Draft draft = new(message, EncodeTopic(message.Topic), MessageEncoder.EncodeProperties(message));
        ReasonCode reason = Check(draft);
        if (reason != ReasonCode.Success)
        {
            return Answer(message.Qos, PublishResult.Refused(reason), refusalThrows);
        }

        long bytes = draft.Bytes;
        return !ct.CanBeCanceled && outbox.TryEnter(bytes)
            ? new ValueTask<PublishResult>(Begin(draft, new PublishCall(outbox, bytes, store) { RefusalThrows = refusalThrows, ExpiresAtUtcMilliseconds = ExpiryOf(message) }).Task)
            : PublishAcknowledgedSlowlyAsync(draft, refusalThrows, ct);
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

        long bytes = draft.Bytes;
        await outbox.EnterAsync(bytes, ct).ConfigureAwait(false);
        PublishCall call = Begin(
            draft, new PublishCall(outbox, bytes, store) { IsTicket = true, RefusalThrows = true, ExpiresAtUtcMilliseconds = ExpiryOf(message) });
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

    // Waits for room, and may be cancelled.
    private async ValueTask<PublishResult> PublishAcknowledgedSlowlyAsync(Draft draft, bool refusalThrows, CancellationToken ct)
    {
        long bytes = draft.Bytes;
        await outbox.EnterAsync(bytes, ct).ConfigureAwait(false);
        PublishCall call = Begin(
            draft, new PublishCall(outbox, bytes, store) { RefusalThrows = refusalThrows, ExpiresAtUtcMilliseconds = ExpiryOf(draft.Message) });
        await using (ct.UnsafeRegister((_, token) => Cancel(call, token), null).ConfigureAwait(false))
        {
            return await call.Task.ConfigureAwait(false);
        }
    }

    // There is room for it: hands the message to the file, or without one to the loop.
    private PublishCall Begin(in Draft draft, PublishCall call)
    {
        call.Message = new OutgoingMessage
        {
            Topic = draft.Topic,
            Payload = draft.Message.Payload,
            Properties = draft.Properties ?? ReadOnlyMemory<byte>.Empty,
            Qos = draft.Message.Qos,
            Retain = draft.Message.Retain,
            AwaitsRelease = store is not null && draft.Message.Qos == QualityOfService.ExactlyOnce,
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

    private long? ExpiryOf(MqttMessage message) =>
        message.Expiry is { } interval ? time.GetUtcNow().ToUnixTimeMilliseconds() + Milliseconds(interval) : null;

    private static ValueTask<PublishResult> Answer(QualityOfService qos, PublishResult result, bool refusalThrows) =>
        refusalThrows && result.Status == PublishStatus.Refused
            ? ValueTask.FromException<PublishResult>(PublishCall.Rejection(qos, result))
            : ValueTask.FromResult(result);

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
        if (call.TryCancel(ct))
        {
            core.Mailbox.Post(_ => core.Outgoing.Cancel(call));
        }
    }

    // Rounded up to whole seconds, as it is sent.
    private static long Milliseconds(TimeSpan expiry) => MessageEncoder.Seconds(expiry) * 1000L;

    private async ValueTask<PublishResult> PublishWhenRoomAsync(Draft draft, int packetBytes, bool refusalThrows, CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            await core.Mailbox.WhenRoom(packetBytes).WaitAsync(ct).ConfigureAwait(false);
            if (TryPost(draft, out packetBytes, out PublishResult? result))
            {
                return await Answer(draft.Message.Qos, result, refusalThrows).ConfigureAwait(false);
            }
        }
    }

    private bool TryPost(in Draft draft, out int packetBytes, [NotNullWhen(true)] out PublishResult? result)
    {
        MqttMessage message = draft.Message;
        LiveLink live = core.Live
            ?? throw new MqttNotConnectedException("A QoS 0 message is not kept while there is no connection.", isTransient: true);
        bool isV5 = live.Limits.Version == MqttVersion.V5;
        PublishPacket packet = new()
        {
            Topic = draft.Topic,
            Payload = message.Payload.Span,
            Retain = message.Retain,
            Properties = isV5 ? draft.Properties : default(ReadOnlySpan<byte>),
            MessageExpiryIntervalSeconds = isV5 && message.Expiry is { } expiry ? MessageEncoder.Seconds(expiry) : null,
        };
        packetBytes = packet.GetByteCount(live.Limits.Version);
        ReasonCode reason = live.Limits.Check(QualityOfService.AtMostOnce, message.Retain, packetBytes);
        result = reason == ReasonCode.Success ? PublishResult.Written : PublishResult.Refused(reason);
        return reason != ReasonCode.Success || core.Mailbox.TryPost(packet, draft.Topic, packetBytes, live);
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

    private readonly record struct Draft(MqttMessage Message, byte[] Topic, byte[]? Properties)
    {
        public long Bytes => Topic.Length + (long)Message.Payload.Length + (Properties?.Length ?? 0);
    }

    private sealed record TopicCache(string Topic, byte[] Bytes);
}
