using Starling.CommitLog;
using Starling.Storage.Checkpoints;

namespace Starling.Storage.Commits;

/// <summary>The files of segments that are open for reading. Any thread; whoever drops one knows that nobody reads it.</summary>
internal sealed class SegmentFiles(ILogDirectory directory) : IDisposable
{
    private const int OpenMax = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, ILogFile> _open = [];

    /// <summary>The file of a segment, of the log or of compaction. Valid until it is dropped.</summary>
    public ILogFile Open(ulong segment)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(segment, out ILogFile? file))
            {
                return file;
            }

            if (_open.Count >= OpenMax)
            {
                (ulong other, ILogFile closed) = _open.First();
                _open.Remove(other);
                closed.Dispose();
            }

            string log = StoreNames.Log(segment);
            file = directory.Open(directory.Exists(log) ? log : StoreNames.Cold(segment), LogFileMode.Read);
            _open.Add(segment, file);
            return file;
        }
    }

    public void Drop(ulong segment)
    {
        lock (_lock)
        {
            if (_open.Remove(segment, out ILogFile? file))
            {
                file.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (ILogFile file in _open.Values)
            {
                file.Dispose();
            }

            _open.Clear();
        }
    }
}
