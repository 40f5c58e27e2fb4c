using System.Buffers.Binary;
using Starling.Client.Core;
using Starling.CommitLog;
using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Client.Outboxes;

/// <summary>
/// The records of an outbox file: <see cref="RecordFormat"/> with the kind as type and the ticket as identifier. A message has its topic
/// as key, its properties counted as references, and before them how far its exchange is; PUBREC has only that; the end of a
/// message has nothing.
/// </summary>
internal static class OutboxRecords
{
    // Flags, code of PUBREC, 6 bytes to spare, place in the order of PUBRECs, expiry.
    private const int StateBytes = 24;
    private const byte RetainFlag = 4;
    private const byte ReceivedFlag = 8;
    private const long NeverExpires = long.MaxValue;

    /// <summary>The bytes that a change takes, with header and padding.</summary>
    public static int GetByteCount(in OutboxChange change) => RecordFormat.Padded(LengthOf(change));

    /// <summary>Writes a sealed record that fills the room.</summary>
    public static void Write(in OutboxChange change, Span<byte> room)
    {
        OutgoingMessage message = change.Call.Message;
        bool isStored = change.Kind is OutboxChangeKind.Stored or OutboxChangeKind.Moved;
        RecordHeader header = new(
            (byte)change.Kind, 0, (ushort)(isStored ? message.Topic.Length : 0), (uint)(isStored ? message.Properties.Length : 0), change.Call.Id);
        header.Write(room);
        Span<byte> content = room[RecordFormat.HeaderBytes..];
        if (isStored || change.Kind == OutboxChangeKind.Received)
        {
            WriteState(change.Call, content);
            content = content[StateBytes..];
        }

        if (isStored)
        {
            message.Topic.Span.CopyTo(content);
            content = content[message.Topic.Length..];
            message.Properties.Span.CopyTo(content);
            message.Payload.Span.CopyTo(content[message.Properties.Length..]);
        }

        RecordFormat.Seal(room, LengthOf(change));
    }

    /// <summary>The kind of a record, and the ticket; false when a record is not of this version.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> record, out RecordHeader header)
    {
        header = RecordHeader.Read(record);
        long least = RecordFormat.HeaderBytes + (header.Type switch
        {
            (byte)OutboxChangeKind.Stored or (byte)OutboxChangeKind.Moved => StateBytes + header.KeyLengthBytes + (long)header.ReferenceCount,
            (byte)OutboxChangeKind.Received => StateBytes,
            (byte)OutboxChangeKind.Done => 0,
            _ => long.MaxValue / 2,
        });
        return record.Length >= least;
    }

    /// <summary>Makes the message of a record; it has no caller.</summary>
    public static PublishCall ReadMessage(ReadOnlySpan<byte> record, in RecordHeader header, Outbox outbox, OutboxStore? store)
    {
        ReadOnlySpan<byte> state = record[RecordFormat.HeaderBytes..];
        ReadOnlySpan<byte> content = state[StateBytes..];
        int properties = (int)header.ReferenceCount;
        long expiry = BinaryPrimitives.ReadInt64LittleEndian(state[16..]);
        QualityOfService qos = (QualityOfService)(state[0] & 3);
        PublishCall call = new(outbox, content.Length, store)
        {
            HasCaller = false,
            Id = header.Id,
            ExpiresAtUtcMilliseconds = expiry == NeverExpires ? null : expiry,
        };
        call.Message = new OutgoingMessage
        {
            Topic = content[..header.KeyLengthBytes].ToArray(),
            Properties = content.Slice(header.KeyLengthBytes, properties).ToArray(),
            Payload = content[(header.KeyLengthBytes + properties)..].ToArray(),
            Qos = qos,
            Retain = (state[0] & RetainFlag) != 0,
            FixedPacketIdentifier = PublishCall.IdentifierOf(header.Id),
            AwaitsRelease = qos == QualityOfService.ExactlyOnce,
            Tag = call,
        };
        ReadState(state, call);
        return call;
    }

    /// <summary>Reads how far the exchange of a message has come.</summary>
    public static void ReadState(ReadOnlySpan<byte> record, PublishCall call, in RecordHeader header)
    {
        if (header.Type == (byte)OutboxChangeKind.Received)
        {
            ReadState(record[RecordFormat.HeaderBytes..], call);
        }
    }

    private static int LengthOf(in OutboxChange change) => RecordFormat.HeaderBytes + change.Kind switch
    {
        OutboxChangeKind.Stored or OutboxChangeKind.Moved => StateBytes + change.Call.ContentBytes,
        OutboxChangeKind.Received => StateBytes,
        _ => 0,
    };

    private static void WriteState(PublishCall call, Span<byte> state)
    {
        OutgoingMessage message = call.Message;
        state[..StateBytes].Clear();
        state[0] = (byte)((int)message.Qos | (message.Retain ? RetainFlag : 0) | (call.Received is null ? 0 : ReceivedFlag));
        state[1] = (byte)(call.Received ?? ReasonCode.Success);
        BinaryPrimitives.WriteUInt64LittleEndian(state[8..], call.ReleasePlace);
        BinaryPrimitives.WriteInt64LittleEndian(state[16..], call.ExpiresAtUtcMilliseconds ?? NeverExpires);
    }

    private static void ReadState(ReadOnlySpan<byte> state, PublishCall call)
    {
        call.Received = (state[0] & ReceivedFlag) != 0 ? (ReasonCode)state[1] : null;
        call.ReleasePlace = BinaryPrimitives.ReadUInt64LittleEndian(state[8..]);
    }
}
