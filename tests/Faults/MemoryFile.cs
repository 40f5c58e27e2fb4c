namespace Faults;

/// <summary>The bytes of a file as the system has them and as the disk has them.</summary>
internal sealed class MemoryFile
{
    private const int PageBytes = 512;

    private readonly List<(int Start, int End)> _unsynced = [];
    private byte[] _bytes = [];
    private byte[] _stable = [];
    private int _length;
    private int _stableLength;

    /// <summary>The names that point here, those of backups too.</summary>
    public int Links { get; set; }

    public int Length
    {
        get
        {
            lock (_unsynced)
            {
                return _length;
            }
        }
    }

    public int Read(Span<byte> destination, long offset)
    {
        lock (_unsynced)
        {
            int count = (int)Math.Clamp(_length - offset, 0, destination.Length);
            if (count > 0)
            {
                _bytes.AsSpan((int)offset, count).CopyTo(destination);
            }

            return count;
        }
    }

    public void Write(ReadOnlySpan<byte> source, long offset)
    {
        lock (_unsynced)
        {
            Grow((int)offset + source.Length);
            source.CopyTo(_bytes.AsSpan((int)offset));
            _unsynced.Add(((int)offset, (int)offset + source.Length));
        }
    }

    public void Allocate(long length)
    {
        lock (_unsynced)
        {
            Grow((int)Math.Max(length, _length));
        }
    }

    public void Truncate(long length)
    {
        lock (_unsynced)
        {
            Grow((int)Math.Max(length, _length));
            _bytes.AsSpan((int)length.._length).Clear();
            _unsynced.Add(((int)length, _length));
            _length = (int)length;
        }
    }

    public void Sync()
    {
        lock (_unsynced)
        {
            if (_stable.Length < _bytes.Length)
            {
                Array.Resize(ref _stable, _bytes.Length);
            }

            if (_stableLength > _length)
            {
                _bytes.AsSpan(0, _stableLength).CopyTo(_stable);
            }

            foreach ((int start, int end) in _unsynced)
            {
                _bytes.AsSpan(start..end).CopyTo(_stable.AsSpan(start));
            }

            _stableLength = _length;
            _unsynced.Clear();
        }
    }

    /// <summary>Reads the disk again, but for what is not synced.</summary>
    public void DropCache()
    {
        lock (_unsynced)
        {
            byte[] bytes = new byte[_bytes.Length];
            _stable.AsSpan(0, Math.Min(_stableLength, _length)).CopyTo(bytes);
            foreach ((int start, int end) in _unsynced)
            {
                _bytes.AsSpan(start..end).CopyTo(bytes.AsSpan(start));
            }

            _bytes = bytes;
        }
    }

    /// <summary>What a failed sync leaves on Linux: the system takes the bytes for written, and the disk does not have them.</summary>
    public void LoseUnsynced()
    {
        lock (_unsynced)
        {
            _unsynced.Clear();
        }
    }

    public void Crash(CrashKind kind, Random random)
    {
        lock (_unsynced)
        {
            if (kind == CrashKind.Process)
            {
                return;
            }

            // The length may have become stable without the bytes, which are zeros then.
            int length = kind == CrashKind.Forget || random.Next(2) == 0 ? _stableLength : Math.Max(_stableLength, _length);
            byte[] after = new byte[Math.Max(length, _stableLength)];
            _stable.AsSpan(0, _stableLength).CopyTo(after);
            foreach ((int start, int end) in _unsynced)
            {
                if (kind != CrashKind.Forget)
                {
                    length = Math.Max(length, Math.Min(end, _length));
                    Array.Resize(ref after, length);
                    Survive(after, start, Math.Min(end, length), (kind, random));
                }
            }

            _bytes = after;
            _length = length;
            _stable = [.. after];
            _stableLength = length;
            _unsynced.Clear();
        }
    }

    private void Survive(byte[] after, int start, int end, (CrashKind Kind, Random Random) cut)
    {
        Random random = cut.Random;
        switch (cut.Kind)
        {
            case CrashKind.Cut:
                int kept = random.Next(start, end + 1);
                _bytes.AsSpan(start..kept).CopyTo(after.AsSpan(start));
                break;
            case CrashKind.Zero:
                _bytes.AsSpan(start..end).CopyTo(after.AsSpan(start));
                after.AsSpan(random.Next(start, end)..end).Clear();
                break;
            case CrashKind.Flip:
                _bytes.AsSpan(start..end).CopyTo(after.AsSpan(start));
                for (int flips = random.Next(1, 4); flips > 0; flips--)
                {
                    after[random.Next(start, end)] ^= (byte)(1 << random.Next(8));
                }

                break;
            default:
                for (int page = start; page < end;)
                {
                    int next = Math.Min(end, (page / PageBytes * PageBytes) + PageBytes);
                    if (random.Next(2) == 0)
                    {
                        _bytes.AsSpan(page..next).CopyTo(after.AsSpan(page));
                    }

                    page = next;
                }

                break;
        }
    }

    private void Grow(int length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(length, _bytes.Length * 2));
        }

        _length = Math.Max(_length, length);
    }
}
