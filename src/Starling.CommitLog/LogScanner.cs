using Starling.CommitLog.Recovery;
using Starling.CommitLog.Segments;

namespace Starling.CommitLog;

/// <summary>
/// Reads segments as they are, for tools and for a scrubber: reports what can be read and what cannot, and changes nothing. Damage is
/// never an exception; only a file that cannot be opened or read is. Of one thread at a time.
/// </summary>
/// <param name="directory">The directory of the store.</param>
/// <param name="storePrefix">The first 8 bytes of its identifier.</param>
public sealed class LogScanner(ILogDirectory directory, ulong storePrefix)
{
    private readonly FileWindow _window = new();

    /// <summary>The segment files of a log, in the order of their identifiers.</summary>
    public static IReadOnlyList<ScannedSegment> List(ILogDirectory directory)
    {
        List<ScannedSegment> segments = [];
        foreach (string file in directory.List(SegmentNames.LogFolder))
        {
            if (SegmentNames.TryParse(file, out ulong id))
            {
                segments.Add(new ScannedSegment(id, SegmentNames.Log(id)));
            }
        }

        return segments;
    }

    /// <summary>Reads one segment from its beginning.</summary>
    /// <returns>Where the frames that can be read end.</returns>
    public long Scan(ScannedSegment segment, IScanVisitor visitor)
    {
        using ILogFile file = directory.Open(segment.Name, LogFileMode.Read);
        _window.Attach(file);
        SegmentReader reader = new(_window, segment.Id, storePrefix);
        long offset = 0;
        while (true)
        {
            if (reader.TryReadHeader(offset, out FrameHeader header))
            {
                visitor.VisitFrame(header, offset);
                ScanRecords(header, offset, visitor);
                offset += header.LengthBytes;
                continue;
            }

            long next = reader.FindHeader(offset, out bool hasTrace);
            if (next >= 0)
            {
                visitor.VisitDamage(ScanDamage.Frame, offset, next - offset);
                offset = next;
                continue;
            }

            if (hasTrace)
            {
                visitor.VisitDamage(ScanDamage.End, offset, _window.FileBytes - offset);
            }

            return offset;
        }
    }

    private void ScanRecords(in FrameHeader header, long frameOffset, IScanVisitor visitor)
    {
        ReadOnlySpan<byte> records = _window.Get(frameOffset, header.LengthBytes)[FrameHeader.Bytes..];
        long offset = frameOffset + FrameHeader.Bytes;
        while (!records.IsEmpty)
        {
            RecordStatus status = RecordFormat.TryRead(records, out int length);
            int step = status == RecordStatus.Valid ? RecordFormat.Padded(length) : StepOver(records);
            if (status == RecordStatus.Valid)
            {
                visitor.VisitRecord(offset, records[..length]);
            }
            else
            {
                visitor.VisitDamage(ScanDamage.Record, offset, step);
            }

            records = records[step..];
            offset += step;
        }
    }

    // The length in the header may be what is damaged, so it counts only when a record or the end of the frame is there. Searching byte
    // by byte would find records that a client has put into its payload.
    private static int StepOver(ReadOnlySpan<byte> records)
    {
        int length = records.Length < RecordFormat.HeaderBytes ? 0 : RecordFormat.LengthOf(records);
        if (length < RecordFormat.HeaderBytes || length > records.Length)
        {
            return records.Length;
        }

        int step = RecordFormat.Padded(length);
        bool isPlausible = step == records.Length
            || (step < records.Length && RecordFormat.TryRead(records[step..], out _) == RecordStatus.Valid);
        return isPlausible ? step : records.Length;
    }
}
