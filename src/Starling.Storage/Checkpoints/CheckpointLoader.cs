using Starling.CommitLog;
using Starling.Protocol;
using Starling.Storage.Records;
using Starling.Storage.State;

namespace Starling.Storage.Checkpoints;

/// <summary>Reads a checkpoint into an empty index.</summary>
internal sealed class CheckpointLoader
{
    private readonly StoreState _state;
    private long _records;
    private long _sessions;
    private long _deliveries;
    private long _retained;

    private CheckpointLoader(StoreState state) => _state = state;

    /// <summary>Loads a checkpoint.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="startLsn">The LSN by which it is named.</param>
    /// <param name="damage">Why it cannot be used: one line with its file and offset.</param>
    /// <returns>The index; null when the file is missing or damaged.</returns>
    public static StoreState? TryLoad(ILogDirectory directory, ulong startLsn, out string damage)
    {
        string name = StoreNames.Checkpoint(startLsn);
        if (!directory.Exists(name))
        {
            damage = $"{name} is missing";
            return null;
        }

        using ILogFile file = directory.Open(name, LogFileMode.Read);
        RecordStream stream = new(file);
        CheckpointLoader loader = new(new StoreState());
        bool isComplete = false;
        RecordStatus status;
        while ((status = stream.TryRead(out ReadOnlySpan<byte> record)) == RecordStatus.Valid && !isComplete)
        {
            if (!loader.Read(record, startLsn, out isComplete))
            {
                break;
            }
        }

        damage = $"{name} is damaged at offset {stream.Offset}";
        return isComplete && status == RecordStatus.Truncated ? loader._state : null;
    }

    private bool Read(ReadOnlySpan<byte> record, ulong startLsn, out bool isComplete)
    {
        isComplete = false;
        RecordHeader header = RecordHeader.Read(record);
        ByteReader reader = new(record[RecordFormat.HeaderBytes..]);
        bool isFirst = _records++ == 0;
        bool isValid = (RecordType)header.Type switch
        {
            RecordType.CheckpointHead => isFirst && header.Id == startLsn && ReadHead(ref reader),
            _ when isFirst => false,
            RecordType.CheckpointSession => ReadSession(ref reader, header),
            RecordType.CheckpointSubscriptions => ReadSubscriptions(ref reader, header),
            RecordType.CheckpointDeliveries => ReadDeliveries(ref reader, header),
            RecordType.CheckpointRetained => ReadRetained(ref reader, header),
            RecordType.CheckpointSegments => ReadSegments(ref reader, header),
            RecordType.CheckpointEnd => isComplete = ReadEnd(ref reader, startLsn),
            _ => (header.Flags & RecordDecoder.SkipFlag) != 0,
        };
        return isValid && !reader.IsOverrun;
    }

    private static bool ReadHead(ref ByteReader reader) => reader.ReadUInt16() <= Manifest.FormatMajor;

    private bool ReadSession(ref ByteReader reader, RecordHeader header)
    {
        _sessions++;
        ulong capturedLsn = reader.ReadUInt64();
        uint epoch = reader.ReadUInt32();
        uint expirySeconds = reader.ReadUInt32();
        ulong nextSequence = reader.ReadUInt64();
        ulong sentBelow = reader.ReadUInt64();
        long awaySince = reader.ReadInt64();
        MqttVersion version = (MqttVersion)reader.ReadByte();
        byte flags = reader.ReadByte();
        SessionState session = _state.AddSession(header.Id, reader.Read(header.KeyLengthBytes), capturedLsn);
        ReadOnlySpan<byte> userName = reader.Read(reader.ReadUInt32());
        session.Epoch = epoch;
        session.ExpirySeconds = expirySeconds;
        session.Version = version;
        session.UserName = (flags & CheckpointFormat.UserName) != 0 ? userName.ToArray() : null;
        session.AwaySinceUtcMilliseconds = (flags & CheckpointFormat.Away) != 0 ? awaySince : null;
        session.SentUpTo(sentBelow);
        if (nextSequence > 0)
        {
            session.SawSequence(nextSequence - 1);
        }

        uint incoming = reader.ReadUInt32();
        for (uint i = 0; i < incoming && !reader.IsOverrun; i++)
        {
            (session.Incoming ??= []).Add(reader.ReadUInt16());
        }

        session.Will = (flags & CheckpointFormat.Will) != 0 ? ReadWill(ref reader) : null;
        return header.Id != 0;
    }

    private static StoredWill ReadWill(ref ByteReader reader)
    {
        uint epoch = reader.ReadUInt32();
        byte flags = reader.ReadByte();
        bool hasExpiry = reader.ReadByte() != 0;
        uint delaySeconds = reader.ReadUInt32();
        uint expirySeconds = reader.ReadUInt32();
        return new StoredWill
        {
            Epoch = epoch,
            Qos = (QualityOfService)(flags & WillFormat.QosMask),
            Retain = (flags & WillFormat.Retain) != 0,
            DelaySeconds = delaySeconds,
            MessageExpirySeconds = hasExpiry ? expirySeconds : null,
            Topic = reader.Read(reader.ReadUInt32()).ToArray(),
            Properties = reader.Read(reader.ReadUInt32()).ToArray(),
            Payload = reader.Read(reader.ReadUInt32()).ToArray(),
        };
    }

    private bool ReadSubscriptions(ref ByteReader reader, RecordHeader header)
    {
        if (_state.Sessions.Find(header.Id) is not { } session)
        {
            return false;
        }

        for (uint i = 0; i < header.ReferenceCount && !reader.IsOverrun; i++)
        {
            byte options = reader.ReadByte();
            uint identifier = reader.ReadUInt32();
            session.Subscriptions.Set(reader.Read(reader.ReadUInt16()), options, identifier);
        }

        return true;
    }

    private bool ReadDeliveries(ref ByteReader reader, RecordHeader header)
    {
        if (_state.Sessions.Find(header.Id) is not { } session)
        {
            return false;
        }

        // The side tables stand behind the entries, so these are walked twice.
        ByteReader tables = new(reader.Rest);
        tables.Read(CheckpointDelivery.Bytes * (long)header.ReferenceCount);
        ByteReader counting = reader;
        Queue<uint[]> identifiers = new();
        for (uint i = 0; i < header.ReferenceCount && !tables.IsOverrun; i++)
        {
            if (CheckpointDelivery.Read(ref counting).Entry.Identifier == QueueEntry.Several)
            {
                identifiers.Enqueue(ReadIdentifiers(ref tables));
            }
        }

        byte[][] filters = new byte[tables.ReadUInt16()][];
        for (int i = 0; i < filters.Length; i++)
        {
            filters[i] = tables.Read(tables.ReadUInt16()).ToArray();
        }

        for (uint i = 0; i < header.ReferenceCount && !tables.IsOverrun; i++)
        {
            CheckpointDelivery delivery = CheckpointDelivery.Read(ref reader);
            if (delivery.Filter > filters.Length || !delivery.Entry.IsPresent || !session.FindDelivery(delivery.Sequence).IsEmpty)
            {
                return false;
            }

            uint[]? several = delivery.Entry.Identifier == QueueEntry.Several ? identifiers.Dequeue() : null;
            session.RestoreDelivery(delivery.Sequence, delivery.Entry, several, delivery.Filter == 0 ? default : filters[delivery.Filter - 1]);
            if (!delivery.Entry.IsReceived)
            {
                _state.Segments.Restore(delivery.Entry.Location);
            }

            _deliveries++;
        }

        return !tables.IsOverrun;
    }

    private static uint[] ReadIdentifiers(ref ByteReader reader)
    {
        ByteReader several = new(reader.Read(4 * (long)reader.ReadUInt32()));
        uint[] identifiers = new uint[several.Rest.Length / 4];
        for (int i = 0; i < identifiers.Length; i++)
        {
            identifiers[i] = several.ReadUInt32();
        }

        return identifiers;
    }

    private bool ReadRetained(ref ByteReader reader, RecordHeader header)
    {
        for (uint i = 0; i < header.ReferenceCount && !reader.IsOverrun; i++)
        {
            ulong revision = reader.ReadUInt64();
            Location location = new(reader.ReadUInt64());
            long expiresAt = reader.ReadInt64();
            ReadOnlySpan<byte> topic = reader.Read(reader.ReadUInt16());
            if (!reader.IsOverrun)
            {
                _state.Retained.Restore(topic, revision, location, expiresAt);
                _retained++;
            }
        }

        return true;
    }

    private bool ReadSegments(ref ByteReader reader, RecordHeader header)
    {
        for (uint i = 0; i < header.ReferenceCount && !reader.IsOverrun; i++)
        {
            SegmentUse use = _state.Segments.FindOrAdd(reader.ReadUInt64());
            use.TotalReferences = reader.ReadInt64();
            use.EmptiedLsn = reader.ReadUInt64();
            use.IsCold = reader.ReadUInt64() != 0;
        }

        return true;
    }

    private bool ReadEnd(ref ByteReader reader, ulong startLsn)
    {
        bool isWhole = reader.ReadInt64() == _records - 1
            && reader.ReadInt64() == _sessions
            && reader.ReadInt64() == _deliveries
            && reader.ReadInt64() == _retained;
        _state.Retained.RestoreHighestRevision(reader.ReadUInt64());
        _state.SawTime(reader.ReadInt64());
        _state.Lsn = startLsn;
        return isWhole && !reader.IsOverrun;
    }
}
