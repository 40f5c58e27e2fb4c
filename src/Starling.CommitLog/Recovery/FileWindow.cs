namespace Starling.CommitLog.Recovery;

/// <summary>A piece of a file in memory, moved as needed, so that small frames cost no call each.</summary>
internal sealed class FileWindow
{
    private const int WindowBytes = 1 << 20;

    private byte[] _bytes = [];
    private ILogFile? _file;
    private long _start;
    private int _count;

    public long FileBytes { get; private set; }

    public void Attach(ILogFile file)
    {
        _file = file;
        _count = 0;
        FileBytes = file.Length;
    }

    /// <summary>The bytes at an offset, fewer only at the end of the file; valid until the next call.</summary>
    public ReadOnlySpan<byte> Get(long offset, int bytes)
    {
        int wanted = (int)Math.Min(bytes, FileBytes - offset);
        if (offset < _start || offset + wanted > _start + _count)
        {
            Load(offset, wanted);
        }

        int first = (int)(offset - _start);
        return _bytes.AsSpan(first, Math.Min(wanted, _count - first));
    }

    private void Load(long offset, int wanted)
    {
        int size = (int)Math.Max(wanted, Math.Min(WindowBytes, FileBytes));
        if (size > _bytes.Length)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(size);
        }

        _count = 0;
        _start = offset;
        int count = (int)Math.Min(_bytes.Length, FileBytes - offset);
        _count = _file is { } file ? file.Read(_bytes.AsSpan(0, count), offset) : 0;
    }
}
