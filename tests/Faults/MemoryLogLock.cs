using Starling.CommitLog;

namespace Faults;

/// <summary>The lock of a <see cref="MemoryLogDirectory"/>.</summary>
internal sealed class MemoryLogLock(MemoryLogDirectory directory) : ILogLock
{
    /// <inheritdoc/>
    public void Dispose() => directory.Unlock(this);
}
