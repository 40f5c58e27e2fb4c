using Starling.CommitLog;

namespace Faults;

/// <summary>A file of a <see cref="RewritingDirectory"/>: what is written as a frame is changed record by record.</summary>
internal sealed class RewritingFile(ILogFile real, RecordChange change) : ILogFile
{
    /// <inheritdoc/>
    public long Length => real.Length;

    /// <inheritdoc/>
    public int Read(Span<byte> destination, long offset) => real.Read(destination, offset);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> source, long offset)
    {
        byte[] bytes = source.ToArray();
        if (FrameHeader.TryRead(bytes, out FrameHeader header) && header.LengthBytes == bytes.Length)
        {
            Span<byte> rest = bytes.AsSpan(FrameHeader.Bytes);
            while (RecordFormat.TryRead(rest, out int length) == RecordStatus.Valid)
            {
                change(RecordHeader.Read(rest), rest[RecordFormat.HeaderBytes..length]);
                int padded = RecordFormat.Padded(length);
                RecordFormat.Seal(rest[..padded], length);
                rest = rest[padded..];
            }
        }

        real.Write(bytes, offset);
    }

    /// <inheritdoc/>
    public void Sync() => real.Sync();

    /// <inheritdoc/>
    public void DropCache() => real.DropCache();

    /// <inheritdoc/>
    public void Allocate(long length) => real.Allocate(length);

    /// <inheritdoc/>
    public void Truncate(long length) => real.Truncate(length);

    /// <inheritdoc/>
    public void Dispose() => real.Dispose();
}
