using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Protocol;

namespace Starling.Storage.Records;

/// <summary>Reads records of a log. Total: any bytes give a record or false, never an exception.</summary>
internal static class RecordDecoder
{
    private const int RangeBytes = 24;

    /// <summary>A reader that does not know the type may skip the record.</summary>
    public const byte SkipFlag = 0x80;

    /// <summary>Reads one record, whose checksum was checked or does not matter.</summary>
    /// <param name="source">Header and content, without padding.</param>
    /// <param name="record">The record; of type None when the type is unknown and may be skipped.</param>
    public static bool TryDecode(ReadOnlySpan<byte> source, out RecordView record)
    {
        record = default;
        if (source.Length < RecordFormat.HeaderBytes)
        {
            return false;
        }

        RecordHeader header = RecordHeader.Read(source);
        if (!IsKnown((RecordType)header.Type))
        {
            return (header.Flags & SkipFlag) != 0;
        }

        RecordView read = new() { Header = header, Type = (RecordType)header.Type, Session = header.Id };
        ByteReader reader = new(source[RecordFormat.HeaderBytes..]);
        bool isValid = ReadContent(ref reader, ref read) && !reader.IsOverrun && reader.Rest.IsEmpty;
        record = read;
        return isValid;
    }

    private static bool IsKnown(RecordType type) => type
        is (>= RecordType.Message and <= RecordType.WillRemoved) or RecordType.DeliveriesMoved or RecordType.RetainedMoved;

    private static bool ReadContent(ref ByteReader reader, ref RecordView record)
    {
        switch (record.Type)
        {
            case RecordType.Message:
                return ReadMessage(ref reader, ref record);
            case RecordType.Finished:
                record.Items = reader.Read((long)record.Count * RangeBytes);
                return true;
            case RecordType.SessionOpened:
                return ReadSessionOpened(ref reader, ref record);
            case RecordType.Will:
                return ReadWill(ref reader, ref record);
            case RecordType.DeliveriesMoved:
                return MoveFormat.ReadDeliveries(ref reader, ref record);
            case RecordType.RetainedMoved:
                return MoveFormat.ReadRetained(ref reader, ref record);
            default:
                return ReadSmall(ref reader, ref record);
        }
    }

    private static bool ReadSmall(ref ByteReader reader, ref RecordView record)
    {
        switch (record.Type)
        {
            case RecordType.SessionAway:
                record.Epoch = reader.ReadUInt32();
                record.UtcMilliseconds = reader.ReadInt64();
                record.Sequence = reader.ReadUInt64();
                return true;
            case RecordType.SessionEnded or RecordType.WillRemoved:
                record.Epoch = reader.ReadUInt32();
                return true;
            case RecordType.Subscribed:
                record.Options = reader.ReadByte();
                record.Identifier = reader.ReadUInt32();
                record.Topic = reader.Read(record.Header.KeyLengthBytes);
                return true;
            case RecordType.Unsubscribed:
                record.Topic = reader.Read(record.Header.KeyLengthBytes);
                return true;
            case RecordType.Received or RecordType.Sent:
                record.Sequence = reader.ReadUInt64();
                return true;
            case RecordType.Incoming or RecordType.Released:
                record.PacketIdentifier = reader.ReadUInt16();
                return true;
            default:
                return false;
        }
    }

    private static bool ReadMessage(ref ByteReader reader, ref RecordView record)
    {
        ushort flags = reader.ReadUInt16();
        record.Qos = (QualityOfService)(flags & MessageFormat.QosMask);
        record.Retain = (flags & MessageFormat.Retain) != 0;
        record.IsWill = (flags & MessageFormat.Will) != 0;
        record.Epoch = (flags & MessageFormat.Epoch) != 0 ? reader.ReadUInt32() : 0;
        record.PacketIdentifier = (flags & MessageFormat.PacketIdentifier) != 0 ? reader.ReadUInt16() : (ushort)0;
        if ((flags & MessageFormat.Revision) != 0)
        {
            record.RetainedRevision = reader.ReadUInt64();
            record.RetainedFloor = reader.ReadUInt64();
        }

        record.ExpiresAtUtcMilliseconds = (flags & MessageFormat.Expiry) != 0 ? reader.ReadInt64() : long.MaxValue;
        if ((flags & MessageFormat.TakenFrom) != 0)
        {
            record.TakenFrom = ReadRange(ref reader);
        }

        uint propertiesBytes = (flags & MessageFormat.Properties) != 0 ? reader.ReadUInt32() : 0;
        if (!ReadReferences(ref reader, ref record))
        {
            return false;
        }

        record.Topic = reader.Read(record.Header.KeyLengthBytes);
        record.Properties = reader.Read(propertiesBytes);
        record.Payload = reader.Read(reader.Rest.Length);
        return (flags & ~MessageFormat.Known) == 0 && record.Qos <= QualityOfService.ExactlyOnce;
    }

    private static bool ReadReferences(ref ByteReader reader, ref RecordView record)
    {
        ReadOnlySpan<byte> all = reader.Rest;
        for (uint i = 0; i < record.Count; i++)
        {
            if (!ReferenceFormat.TryRead(ref reader, out _))
            {
                return false;
            }
        }

        record.Items = all[..(all.Length - reader.Rest.Length)];
        return true;
    }

    private static bool ReadSessionOpened(ref ByteReader reader, ref RecordView record)
    {
        record.Epoch = reader.ReadUInt32();
        record.Seconds = reader.ReadUInt32();
        record.Version = (MqttVersion)reader.ReadByte();
        byte hasUserName = reader.ReadByte();
        ushort userNameBytes = reader.ReadUInt16();
        record.Topic = reader.Read(record.Header.KeyLengthBytes);
        record.UserName = reader.Read(userNameBytes);
        record.HasUserName = hasUserName == 1;
        return hasUserName <= 1 && (record.HasUserName || userNameBytes == 0) && Enum.IsDefined(record.Version) && record.Session != 0;
    }

    private static bool ReadWill(ref ByteReader reader, ref RecordView record)
    {
        record.Epoch = reader.ReadUInt32();
        byte flags = reader.ReadByte();
        byte hasExpiry = reader.ReadByte();
        record.Qos = (QualityOfService)(flags & WillFormat.QosMask);
        record.Retain = (flags & WillFormat.Retain) != 0;
        record.Seconds = reader.ReadUInt32();
        uint expiry = reader.ReadUInt32();
        record.MessageExpirySeconds = hasExpiry == 1 ? expiry : null;
        uint propertiesBytes = reader.ReadUInt32();
        record.Topic = reader.Read(record.Header.KeyLengthBytes);
        record.Properties = reader.Read(propertiesBytes);
        record.Payload = reader.Read(reader.Rest.Length);
        return (flags & ~(WillFormat.QosMask | WillFormat.Retain)) == 0 && hasExpiry <= 1 && record.Qos <= QualityOfService.ExactlyOnce;
    }

    /// <summary>One of the ranges of a record that was decoded.</summary>
    public static StoreRange ReadRange(ref ByteReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64());
}
