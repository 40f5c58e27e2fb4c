using Starling.CommitLog;
using Starling.Storage.Checkpoints;

namespace Starling.Storage.Tools;

/// <summary>Copies a backup into a new directory; its manifest comes last, so that half a copy is no store.</summary>
internal static class StoreRestoring
{
    private static readonly string[] Folders = [StoreNames.LogFolder, StoreNames.ColdFolder, StoreNames.CheckpointFolder];

    public static void Run(ILogDirectory backup, LogDirectory target, Action<StoreProgress> report, CancellationToken cancellation)
    {
        ToolDirectory.ReadManifest(backup);
        string[] names = [.. Folders.SelectMany(folder => backup.List(folder).Select(file => $"{folder}/{file}"))];
        long total = names.Sum(name => ToolDirectory.LengthOf(backup, name));
        long done = 0;
        target.CreateFolder("");
        foreach (string folder in Folders)
        {
            target.CreateFolder(folder);
        }

        for (int i = 0; i < names.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            done += Copy(backup, target, names[i], long.MaxValue);
            report(new StoreProgress("copying files", done, total, i + 1));
        }

        foreach (string folder in Folders)
        {
            target.SyncFolder(folder);
        }

        Copy(backup, target, StoreNames.Manifest, long.MaxValue);
        target.SyncFolder("");
    }

    /// <summary>Copies a file up to a length, and syncs it.</summary>
    public static long Copy(ILogDirectory source, ILogDirectory target, string name, long lengthMax)
    {
        using ILogFile from = source.Open(name, LogFileMode.Read);
        using ILogFile to = target.Open(name, LogFileMode.CreateNew);
        byte[] buffer = new byte[1 << 20];
        long length = Math.Min(from.Length, lengthMax);
        long done = 0;
        while (done < length)
        {
            int read = from.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - done)), done);
            if (read == 0)
            {
                throw new IOException($"{source.Path}/{name} became shorter while it was copied");
            }

            to.Write(buffer.AsSpan(0, read), done);
            done += read;
        }

        to.Sync();
        return done;
    }
}
