using System.Text;
using Starling.Broker.Ports;
using Starling.CommitLog;

namespace Starling.Storage.Records;

/// <summary>
/// Writes the broker's operations as records. Nothing is allocated: a record is measured, room is reserved, and it is written in place.
/// </summary>
internal static class RecordEncoder
{
    private const int RangeBytes = 24;

    /// <summary>The length without padding.</summary>
    public static int Measure(scoped in StoreRecord record) => RecordFormat.HeaderBytes + record.Kind switch
    {
        StoreRecordKind.Message => MeasureMessage(record),
        StoreRecordKind.Finished => RangeBytes * record.Ranges.Length,
        StoreRecordKind.SessionOpened => 12 + record.Topic.Length + UserNameBytes(record),
        StoreRecordKind.SessionAway => 20,
        StoreRecordKind.SessionEnded or StoreRecordKind.WillRemoved => 4,
        StoreRecordKind.Subscribed => 5 + record.Topic.Length,
        StoreRecordKind.Unsubscribed => record.Topic.Length,
        StoreRecordKind.Received or StoreRecordKind.Sent => 8,
        StoreRecordKind.Incoming or StoreRecordKind.Released => 2,
        StoreRecordKind.Will => 18 + record.Topic.Length + record.Properties.Length + record.Payload.Length,
        _ => throw new ArgumentOutOfRangeException(nameof(record), record.Kind, "there is no such kind of record"),
    };

    /// <summary>Writes the record and seals it.</summary>
    /// <param name="target">As long as the padded length.</param>
    /// <param name="lengthBytes">What <see cref="Measure"/> gave.</param>
    /// <param name="record">The record.</param>
    public static void Write(Span<byte> target, int lengthBytes, scoped in StoreRecord record)
    {
        int count = record.Kind switch
        {
            StoreRecordKind.Message => record.References.Length,
            StoreRecordKind.Finished => record.Ranges.Length,
            _ => 0,
        };
        new RecordHeader((byte)TypeOf(record.Kind), 0, (ushort)record.Topic.Length, (uint)count, record.Session).Write(target);
        ByteWriter writer = new(target[RecordFormat.HeaderBytes..]);
        switch (record.Kind)
        {
            case StoreRecordKind.Message:
                WriteMessage(ref writer, record);
                break;
            case StoreRecordKind.Finished:
                WriteRanges(ref writer, record.Ranges);
                break;
            case StoreRecordKind.SessionOpened:
                WriteSessionOpened(ref writer, record);
                break;
            case StoreRecordKind.Will:
                WriteWill(ref writer, record);
                break;
            default:
                WriteSmall(ref writer, record);
                break;
        }

        RecordFormat.Seal(target, lengthBytes);
    }

    private static RecordType TypeOf(StoreRecordKind kind) => kind switch
    {
        StoreRecordKind.SessionOpened => RecordType.SessionOpened,
        StoreRecordKind.SessionAway => RecordType.SessionAway,
        StoreRecordKind.SessionEnded => RecordType.SessionEnded,
        StoreRecordKind.Subscribed => RecordType.Subscribed,
        StoreRecordKind.Unsubscribed => RecordType.Unsubscribed,
        StoreRecordKind.Message => RecordType.Message,
        StoreRecordKind.Finished => RecordType.Finished,
        StoreRecordKind.Received => RecordType.Received,
        StoreRecordKind.Incoming => RecordType.Incoming,
        StoreRecordKind.Released => RecordType.Released,
        StoreRecordKind.Sent => RecordType.Sent,
        StoreRecordKind.Will => RecordType.Will,
        _ => RecordType.WillRemoved,
    };

    private static void WriteSmall(ref ByteWriter writer, scoped in StoreRecord record)
    {
        switch (record.Kind)
        {
            case StoreRecordKind.SessionAway:
                writer.Write(record.Epoch);
                writer.Write(record.UtcMilliseconds);
                writer.Write(record.Sequence);
                break;
            case StoreRecordKind.SessionEnded or StoreRecordKind.WillRemoved:
                writer.Write(record.Epoch);
                break;
            case StoreRecordKind.Subscribed:
                writer.Write(record.Options);
                writer.Write(record.Identifier);
                writer.Write(record.Topic);
                break;
            case StoreRecordKind.Unsubscribed:
                writer.Write(record.Topic);
                break;
            case StoreRecordKind.Received or StoreRecordKind.Sent:
                writer.Write(record.Sequence);
                break;
            default:
                writer.Write(record.PacketIdentifier);
                break;
        }
    }

    private static int MeasureMessage(scoped in StoreRecord record)
    {
        ushort flags = FlagsOf(record);
        int bytes = 2
            + ((flags & MessageFormat.Epoch) != 0 ? 4 : 0)
            + ((flags & MessageFormat.PacketIdentifier) != 0 ? 2 : 0)
            + ((flags & MessageFormat.Revision) != 0 ? 16 : 0)
            + ((flags & MessageFormat.Expiry) != 0 ? 8 : 0)
            + ((flags & MessageFormat.TakenFrom) != 0 ? RangeBytes : 0)
            + ((flags & MessageFormat.Properties) != 0 ? 4 : 0);
        foreach (ref readonly StoreReference reference in record.References)
        {
            bytes += ReferenceFormat.Measure(reference);
        }

        return bytes + record.Topic.Length + record.Properties.Length + record.Payload.Length;
    }

    private static void WriteMessage(ref ByteWriter writer, scoped in StoreRecord record)
    {
        ushort flags = FlagsOf(record);
        writer.Write(flags);
        if ((flags & MessageFormat.Epoch) != 0)
        {
            writer.Write(record.Epoch);
        }

        if ((flags & MessageFormat.PacketIdentifier) != 0)
        {
            writer.Write(record.PacketIdentifier);
        }

        if ((flags & MessageFormat.Revision) != 0)
        {
            writer.Write(record.RetainedRevision);
            writer.Write(record.RetainedFloor);
        }

        if ((flags & MessageFormat.Expiry) != 0)
        {
            writer.Write(record.ExpiresAtUtcMilliseconds);
        }

        if ((flags & MessageFormat.TakenFrom) != 0)
        {
            StoreRange range = record.TakenFrom;
            WriteRanges(ref writer, new ReadOnlySpan<StoreRange>(in range));
        }

        if ((flags & MessageFormat.Properties) != 0)
        {
            writer.Write((uint)record.Properties.Length);
        }

        foreach (ref readonly StoreReference reference in record.References)
        {
            ReferenceFormat.Write(ref writer, reference);
        }

        writer.Write(record.Topic);
        writer.Write(record.Properties);
        writer.Write(record.Payload);
    }

    private static ushort FlagsOf(scoped in StoreRecord record) => (ushort)((ushort)record.Qos
        | (record.Retain ? MessageFormat.Retain : 0)
        | (record.IsWill ? MessageFormat.Will : 0)
        | (record.Epoch != 0 ? MessageFormat.Epoch : 0)
        | (record.PacketIdentifier != 0 ? MessageFormat.PacketIdentifier : 0)
        | (record.RetainedRevision != 0 ? MessageFormat.Revision : 0)
        | (record.ExpiresAtUtcMilliseconds is not (0 or long.MaxValue) ? MessageFormat.Expiry : 0)
        | (record.TakenFrom.Session != 0 ? MessageFormat.TakenFrom : 0)
        | (record.Properties.Length > 0 ? MessageFormat.Properties : 0));

    private static void WriteRanges(ref ByteWriter writer, scoped ReadOnlySpan<StoreRange> ranges)
    {
        foreach (StoreRange range in ranges)
        {
            writer.Write(range.Session);
            writer.Write(range.From);
            writer.Write(range.To);
        }
    }

    private static void WriteSessionOpened(ref ByteWriter writer, scoped in StoreRecord record)
    {
        writer.Write(record.Epoch);
        writer.Write(record.Seconds);
        writer.Write((byte)record.Version);
        writer.Write(record.UserName is null ? (byte)0 : (byte)1);
        int userNameBytes = UserNameBytes(record);
        writer.Write((ushort)userNameBytes);
        writer.Write(record.Topic);
        if (record.UserName is { } userName)
        {
            Encoding.UTF8.GetBytes(userName, writer.Take(userNameBytes));
        }
    }

    private static void WriteWill(ref ByteWriter writer, scoped in StoreRecord record)
    {
        writer.Write(record.Epoch);
        writer.Write((byte)((byte)record.Qos | (record.Retain ? WillFormat.Retain : 0)));
        writer.Write(record.MessageExpirySeconds is null ? (byte)0 : (byte)1);
        writer.Write(record.Seconds);
        writer.Write(record.MessageExpirySeconds ?? 0);
        writer.Write((uint)record.Properties.Length);
        writer.Write(record.Topic);
        writer.Write(record.Properties);
        writer.Write(record.Payload);
    }

    private static int UserNameBytes(scoped in StoreRecord record) =>
        record.UserName is { } userName ? Encoding.UTF8.GetByteCount(userName) : 0;
}
