namespace Starling.Cli;

/// <summary>Writes through, and remembers why it could not: whoever writes to it may say that of something else.</summary>
internal sealed class WatchedStream(Stream inner) : Stream
{
    /// <summary>The first failure; null when there was none.</summary>
    public IOException? Failure { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => Watch(inner.Flush);

    public override void Write(byte[] buffer, int offset, int count) => Watch(() => inner.Write(buffer, offset, count));

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Watch(Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            Failure ??= e;
            throw;
        }
    }
}
