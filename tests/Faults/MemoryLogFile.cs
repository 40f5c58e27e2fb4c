using Starling.CommitLog;

namespace Faults;

/// <summary>An open file of a <see cref="MemoryLogDirectory"/>.</summary>
internal sealed class MemoryLogFile(MemoryLogDirectory directory, MemoryFile file, string name, bool canWrite) : ILogFile
{
    private readonly int _life = directory.Life;
    private bool _isDisposed;

    /// <inheritdoc/>
    public long Length
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return file.Length;
        }
    }

    /// <inheritdoc/>
    public int Read(Span<byte> destination, long offset)
    {
        ThrowIfFaulty(LogOperation.Read);
        return file.Read(destination, offset);
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> source, long offset)
    {
        RequireWritable();
        FaultKind? fault = Enter(LogOperation.Write);
        if (fault is { } kind)
        {
            int written = kind switch
            {
                FaultKind.Partial or FaultKind.PartialFull => source.Length / 2,
                FaultKind.Death => source.Length,
                _ => 0,
            };
            file.Write(source[..written], offset);

            throw MemoryLogDirectory.CreateFault(kind, name);
        }

        directory.RequireSpace(file, offset + source.Length, name);
        file.Write(source, offset);
        directory.CountWritten(source.Length);
    }

    /// <inheritdoc/>
    public void Sync()
    {
        if (Enter(LogOperation.Sync) is { } kind)
        {
            if (kind != FaultKind.Death)
            {
                file.LoseUnsynced();
            }

            throw MemoryLogDirectory.CreateFault(kind, name);
        }

        file.Sync();
    }

    /// <inheritdoc/>
    public void DropCache() => file.DropCache();

    /// <inheritdoc/>
    public void Allocate(long length)
    {
        RequireWritable();
        ThrowIfFaulty(LogOperation.Allocate);
        directory.RequireSpace(file, length, name);
        file.Allocate(length);
    }

    /// <inheritdoc/>
    public void Truncate(long length)
    {
        RequireWritable();
        ThrowIfFaulty(LogOperation.Truncate);
        file.Truncate(length);
    }

    /// <inheritdoc/>
    public void Dispose() => _isDisposed = true;

    private FaultKind? Enter(LogOperation operation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return directory.Enter(operation, name, _life);
    }

    private void ThrowIfFaulty(LogOperation operation)
    {
        if (Enter(operation) is { } kind)
        {
            throw MemoryLogDirectory.CreateFault(kind, name);
        }
    }

    private void RequireWritable()
    {
        if (!canWrite)
        {
            throw new InvalidOperationException($"{name} is open for reading");
        }
    }
}
