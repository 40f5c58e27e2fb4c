using Faults;
using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.State;

namespace Starling.Storage.Tests.State;

/// <summary>Loads a checkpoint that is in memory.</summary>
internal static class LoadedState
{
    public static StoreState Load(byte[] checkpoint, ulong startLsn) =>
        TryLoad(checkpoint, startLsn, out string damage) ?? throw new InvalidOperationException(damage);

    public static StoreState? TryLoad(byte[] checkpoint, ulong startLsn, out string damage)
    {
        MemoryLogDirectory directory = new();
        directory.CreateFolder("ckpt");
        using (ILogFile file = directory.Open(StoreNames.Checkpoint(startLsn), LogFileMode.CreateNew))
        {
            file.Write(checkpoint, 0);
        }

        return CheckpointLoader.TryLoad(directory, startLsn, out damage);
    }
}
