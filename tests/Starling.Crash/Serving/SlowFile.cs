using Starling.CommitLog;

namespace Starling.Crash.Serving;

/// <summary>A file of <see cref="SlowDirectory"/>.</summary>
internal sealed class SlowFile(ILogFile real, TimeSpan delay) : ILogFile
{
    private readonly object _never = new();

    public long Length => real.Length;

    public int Read(Span<byte> destination, long offset) => real.Read(destination, offset);

    public void Write(ReadOnlySpan<byte> source, long offset) => real.Write(source, offset);

    public void Sync()
    {
        real.Sync();
        lock (_never)
        {
            Monitor.Wait(_never, delay);
        }
    }

    public void DropCache() => real.DropCache();

    public void Allocate(long length) => real.Allocate(length);

    public void Truncate(long length) => real.Truncate(length);

    public void Dispose() => real.Dispose();
}
