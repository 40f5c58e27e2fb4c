using Starling.CommitLog;

namespace Faults;

/// <summary>A file that passes everything on, but for what is written over.</summary>
/// <param name="real">The file behind it.</param>
internal abstract class DelegatingFile(ILogFile real) : ILogFile
{
    /// <inheritdoc/>
    public long Length => real.Length;

    /// <inheritdoc/>
    public int Read(Span<byte> destination, long offset) => real.Read(destination, offset);

    /// <inheritdoc/>
    public virtual void Write(ReadOnlySpan<byte> source, long offset) => real.Write(source, offset);

    /// <inheritdoc/>
    public virtual void Sync() => real.Sync();

    /// <inheritdoc/>
    public void DropCache() => real.DropCache();

    /// <inheritdoc/>
    public void Allocate(long length) => real.Allocate(length);

    /// <inheritdoc/>
    public void Truncate(long length) => real.Truncate(length);

    /// <inheritdoc/>
    public void Dispose() => real.Dispose();
}
