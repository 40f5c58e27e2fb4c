using Starling.CommitLog;

namespace Faults;

/// <summary>A file of a <see cref="RewritingDirectory"/>: what is written as a frame is changed record by record.</summary>
internal sealed class RewritingFile(ILogFile real, RecordChange change) : DelegatingFile(real)
{
    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> source, long offset)
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

        base.Write(bytes, offset);
    }
}
