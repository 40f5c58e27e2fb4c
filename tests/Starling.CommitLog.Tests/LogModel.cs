using Faults;

namespace Starling.CommitLog.Tests;

/// <summary>A log and what must be in it, through any number of crashes.</summary>
internal sealed class LogModel(MemoryLogDirectory directory, CommitLogOptions? options = null)
{
    private readonly SortedDictionary<ulong, List<byte[]>> _committed = [];
    private readonly SortedDictionary<ulong, List<byte[]>> _pending = [];
    private readonly CommitLogOptions _options = options ?? TestLog.Small;
    private SegmentedLog? _log;
    private ulong _floor;

    public bool HasUnreported => _pending.Count > 0;

    public ulong CommittedFrames => (ulong)_committed.Count;

    private SegmentedLog Log => _log ?? throw new InvalidOperationException("the log is not open");

    public void Open()
    {
        FrameCollector replayed = new();
        _log = SegmentedLog.Open(directory, _options, new LogStart(TestLog.Store, 1));
        LogRecovery recovery = _log.Recover(_floor, replayed);
        Check(replayed.Frames, recovery);
    }

    /// <summary>Opens the log after a crash; if this dies too, it is tried again.</summary>
    public void Reopen(Action? afterDeath = null)
    {
        while (true)
        {
            try
            {
                Open();
                return;
            }
            catch (IOException) when (directory.IsDead && afterDeath is not null)
            {
                afterDeath();
            }
        }
    }

    public void Append(int seed, int lengthBytes)
    {
        byte[] content = TestLog.Content(seed, lengthBytes);
        ulong lsn = TestLog.Append(Log, content);
        if (lsn != 0)
        {
            if (!_pending.TryGetValue(lsn, out List<byte[]>? records))
            {
                records = _pending[lsn] = [];
            }

            records.Add(content);
        }
    }

    public void Commit()
    {
        while (Log.TryCommit(TestLog.Now, out LogFrame frame))
        {
            Assert.Equal(_pending.Keys.First(), frame.Lsn);
            Assert.Equal(_pending[frame.Lsn], FrameCollector.ContentsOf(frame));
            _committed.Add(frame.Lsn, _pending[frame.Lsn]);
            _pending.Remove(frame.Lsn);
        }
    }

    public void Prepare()
    {
        while (Log.Prepare())
        {
        }
    }

    /// <summary>Frees the oldest sealed segment, and never asks again for what was in it.</summary>
    public void FreeOldest()
    {
        if (Log.Segments is [{ IsSealed: true } oldest, ..])
        {
            _floor = Math.Max(_floor, Math.Min(oldest.NewestLsn, Log.DurableLsn));
            Log.Free(oldest.Id);
        }
    }

    private void Check(SortedDictionary<ulong, List<byte[]>> replayed, LogRecovery recovery)
    {
        // A frame that was being committed when the process died may be there, as a whole and in its place.
        if (replayed.Count > 0 && replayed.Keys.Last() is var last && !_committed.ContainsKey(last))
        {
            Assert.Equal(_pending.Keys.First(), last);
            _committed.Add(last, _pending[last]);
        }

        _pending.Clear();
        Assert.Equal(_committed.Where(frame => frame.Key > _floor), replayed);
        Assert.Equal(Math.Max(_floor, _committed.Keys.LastOrDefault()), recovery.LastLsn);
    }
}
