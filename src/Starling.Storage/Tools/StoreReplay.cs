using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.Opening;
using Starling.Storage.Records;
using Starling.Storage.State;

namespace Starling.Storage.Tools;

/// <summary>
/// Makes the index of a directory without changing anything, and takes note of what is wrong on the way. The last frame counts only if it
/// is whole; of one in the middle everything that can be read.
/// </summary>
internal sealed class StoreReplay : IScanVisitor
{
    private const int FindingsMax = 1000;

    private readonly ILogDirectory _directory;
    private readonly ulong _afterLsn;
    private readonly List<(byte[] Record, long Offset)> _frameRecords = [];
    private readonly List<StoreFinding> _frameFindings = [];
    private FrameHeader _frame;
    private bool _hasFrame;
    private ulong _nextLsn;
    private ScannedSegment _segment = new(0, "");
    private StoreFinding? _end;

    private StoreReplay(ILogDirectory directory, StoreState state, ulong afterLsn)
    {
        _directory = directory;
        _afterLsn = afterLsn;
        State = state;
    }

    public StoreState State { get; }

    public List<StoreFinding> Findings { get; } = [];

    /// <summary>The unfinished commit at the end; null: none.</summary>
    public StoreFinding? Unfinished { get; private set; }

    public long Records { get; private set; }

    public long Bytes { get; private set; }

    public int Files { get; private set; }

    public uint HighestGeneration { get; private set; }

    /// <summary>Loads the newest whole checkpoint and replays all that follows.</summary>
    public static StoreReplay Run(ILogDirectory directory, Manifest manifest, Action<StoreProgress> report, CancellationToken cancellation)
    {
        List<StoreFinding> damages = [];
        StoreState? state = null;
        ulong afterLsn = 0;
        foreach (ulong startLsn in new[] { manifest.NewestCheckpoint, manifest.OlderCheckpoint })
        {
            if (startLsn != 0)
            {
                StoreState? loaded = CheckpointLoader.TryLoad(directory, startLsn, out string damage);
                if (loaded is null)
                {
                    damages.Add(new StoreFinding(StoreNames.Checkpoint(startLsn), 0, damage));
                }
                else if (state is null)
                {
                    state = loaded;
                    afterLsn = startLsn;
                }
            }
        }

        StoreReplay replay = new(directory, state ?? new StoreState(), afterLsn) { _nextLsn = state is null ? 1UL : 0 };
        replay.Findings.AddRange(damages);
        replay.Scan(manifest.StorePrefix, report, cancellation);
        StateLoading.End(replay.State, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        replay.ScanCold(report, cancellation);
        return replay;
    }

    public void VisitFrame(in FrameHeader header, long offset)
    {
        Flush(isLast: false);
        if (_nextLsn != 0 && header.Lsn < _nextLsn)
        {
            Add(new StoreFinding(_segment.Name, offset, $"commit {header.Lsn} comes after commit {_nextLsn - 1}"));
        }
        else if (header.Lsn != _nextLsn && header.Lsn > _afterLsn + 1)
        {
            // Up to the checkpoint, segments that nobody needed were given back, also between others.
            Add(new StoreFinding(
                _segment.Name, offset, $"commit {Math.Max(_nextLsn, _afterLsn + 1)} is missing before commit {header.Lsn}"));
        }

        _nextLsn = header.Lsn + 1;
        _frame = header;
        _hasFrame = true;
    }

    public void VisitRecord(long offset, ReadOnlySpan<byte> record)
    {
        Records++;
        if (!RecordDecoder.TryDecode(record, out RecordView view) || _frame.SegmentId > Location.SegmentMax || offset > Location.OffsetMax)
        {
            _frameFindings.Add(new StoreFinding(_segment.Name, offset, "a record cannot be read"));
        }
        else if (_frame.Lsn > _afterLsn && view.Type != RecordType.None)
        {
            _frameRecords.Add((record.ToArray(), offset));
        }
    }

    public void VisitDamage(ScanDamage damage, long offset, long lengthBytes)
    {
        if (damage == ScanDamage.Record)
        {
            _frameFindings.Add(new StoreFinding(_segment.Name, offset, "the checksum of a record is wrong"));
        }
        else if (damage == ScanDamage.End)
        {
            _end = new StoreFinding(_segment.Name, offset, "what follows is no whole commit");
        }
        else
        {
            Flush(isLast: false);
            Add(new StoreFinding(_segment.Name, offset, $"{lengthBytes} bytes are no commit"));
        }
    }

    public void Add(StoreFinding finding)
    {
        if (Findings.Count < FindingsMax)
        {
            Findings.Add(finding);
        }
    }

    private void Scan(ulong storePrefix, Action<StoreProgress> report, CancellationToken cancellation)
    {
        LogScanner scanner = new(_directory, storePrefix);
        IReadOnlyList<ScannedSegment> segments = LogScanner.List(_directory);
        long total = segments.Sum(segment => ToolDirectory.LengthOf(_directory, segment.Name));
        foreach (ScannedSegment segment in segments)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_end is { } end)
            {
                // Only the end of the whole log may be unfinished.
                Flush(isLast: false);
                Add(end);
                _end = null;
            }

            _segment = segment;
            scanner.Scan(segment, this);
            Files++;
            Bytes += ToolDirectory.LengthOf(_directory, segment.Name);
            report(new StoreProgress("reading the log", Bytes, total, Records));
        }

        Unfinished = _end;
        Flush(isLast: true);
    }

    private void ScanCold(Action<StoreProgress> report, CancellationToken cancellation)
    {
        foreach (string file in _directory.List(StoreNames.ColdFolder))
        {
            cancellation.ThrowIfCancellationRequested();
            string name = $"{StoreNames.ColdFolder}/{file}";
            if (!StoreNames.TryParseSegment(file, out ulong segment) || State.Segments.Find(segment) is not { } use)
            {
                // A crash has left it behind.
                continue;
            }

            using ILogFile opened = _directory.Open(name, LogFileMode.Read);
            SegmentScan scan = new(opened, segment, storePrefix: null);
            while (scan.TryNext(out _))
            {
                Records++;
            }

            // What a crash has left behind all that counts is no damage.
            if (scan.Damages > 0 && scan.DamageOffset <= use.HighestOffset)
            {
                Add(new StoreFinding(name, scan.DamageOffset, "the checksum of a record is wrong"));
            }

            Files++;
            Bytes += opened.Length;
            report(new StoreProgress("reading what was compacted", Bytes, 0, Records));
        }
    }

    private void Flush(bool isLast)
    {
        if (!_hasFrame)
        {
            return;
        }

        _hasFrame = false;
        if (isLast && _frameFindings.Count > 0)
        {
            Unfinished ??= _frameFindings[0] with { Message = "what follows is no whole commit" };
        }
        else
        {
            _frameFindings.ForEach(Add);
            foreach ((byte[] record, long offset) in _frameRecords)
            {
                if (RecordDecoder.TryDecode(record, out RecordView view))
                {
                    State.Apply(view, _frame.Lsn, new Location(_frame.SegmentId, offset));
                    HighestGeneration = Math.Max(HighestGeneration, (uint)(view.Session >> 40));
                }
            }

            State.Lsn = Math.Max(State.Lsn, _frame.Lsn);
            State.SawTime(_frame.UtcMilliseconds);
        }

        _frameFindings.Clear();
        _frameRecords.Clear();
    }
}
