using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.Records;
using Starling.Storage.State;

namespace Starling.Storage.Opening;

/// <summary>
/// Cuts off what a crash may have left at the end of the files of compaction: bytes that no record in the log had referred to yet, and
/// that would look like damage for ever.
/// </summary>
internal static class ColdTails
{
    public static void Cut(ILogDirectory directory, StoreState state)
    {
        foreach (SegmentUse use in state.Segments.All)
        {
            string name = StoreNames.Cold(use.Id);
            if (use is { IsCold: true, LiveReferences: > 0 } && directory.Exists(name) && directory.CountLinks(name) == 1)
            {
                Cut(directory, name, use.HighestOffset);
            }
        }
    }

    private static void Cut(ILogDirectory directory, string name, long lastOffset)
    {
        try
        {
            CutFile(directory, name, lastOffset);
        }
        catch (IOException)
        {
            // It is tidiness alone: a file that cannot be read is no reason to refuse all others, and who reads it is told.
        }
    }

    private static void CutFile(ILogDirectory directory, string name, long lastOffset)
    {
        using ILogFile file = directory.Open(name, LogFileMode.ReadWrite);
        if (lastOffset < 0 || lastOffset >= file.Length)
        {
            return;
        }

        // A last record that cannot be read does not say where it ends: that is damage, and somebody will be told of it.
        RecordStream stream = new(file, lastOffset);
        if (stream.TryRead(out ReadOnlySpan<byte> last) == RecordStatus.Valid)
        {
            long end = lastOffset + RecordFormat.Padded(last.Length);
            if (end < file.Length)
            {
                file.Truncate(end);
            }
        }
    }
}
