using Starling.CommitLog;

namespace Faults;

/// <summary>One opening of a <see cref="PowerCutFile"/>.</summary>
internal sealed class PowerCutHandle(PowerCutDirectory directory, PowerCutEntry entry, PowerCutFile file) : ILogFile
{
    private bool _isDisposed;

    /// <inheritdoc/>
    public long Length => file.Length;

    /// <inheritdoc/>
    public int Read(Span<byte> destination, long offset) => file.Read(destination, offset);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> source, long offset) => file.Write(source, offset);

    /// <inheritdoc/>
    public void Sync() => directory.Sync(file);

    /// <inheritdoc/>
    public void DropCache()
    {
        // What the real file has is what was synced, so there is no cache that could tell anything else.
    }

    /// <inheritdoc/>
    public void Allocate(long length) => file.Allocate(length);

    /// <inheritdoc/>
    public void Truncate(long length) => file.Truncate(length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            directory.Close(entry);
        }
    }
}
