namespace Starling.CommitLog.Tests;

/// <summary>Keeps the content of the records of each frame that it visits.</summary>
internal sealed class FrameCollector : IFrameVisitor
{
    public SortedDictionary<ulong, List<byte[]>> Frames { get; } = [];

    public static List<byte[]> ContentsOf(in LogFrame frame)
    {
        List<byte[]> contents = [];
        for (ReadOnlySpan<byte> records = frame.Records; !records.IsEmpty;)
        {
            int length = RecordFormat.LengthOf(records);
            contents.Add(records[RecordFormat.HeaderBytes..length].ToArray());
            records = records[RecordFormat.Padded(length)..];
        }

        return contents;
    }

    public void Visit(in LogFrame frame) => Frames.Add(frame.Lsn, ContentsOf(frame));
}
