using System.Text;
using Starling.CommitLog;
using Starling.Storage.Checkpoints;

namespace Starling.Storage.Tools;

/// <summary>
/// Puts a repaired store in the place of the damaged one. From the first move to the last, a manifest stands in the directory that is none
/// and names the folder of the repair: whatever ends the process in between, nobody takes what is there for a store, or for an empty
/// directory, and the next repair goes on.
/// </summary>
internal sealed class RepairExchange(LogDirectory directory, string folder)
{
    private const string Mark = "repair of this store, interrupted: ";
    private const int MarkBytesMax = 256;

    private static readonly string[] Folders =
        [StoreNames.LogFolder, StoreNames.ColdFolder, StoreNames.CheckpointFolder, StoreNames.FreeFolder];

    private readonly string _made = Path.Join(directory.Path, folder, "new");
    private readonly string _old = Path.Join(directory.Path, folder, "old");

    /// <summary>The folder of the repair.</summary>
    public string Folder => folder;

    /// <summary>The exchange that was begun and not finished; null: none.</summary>
    public static RepairExchange? FindInterrupted(LogDirectory directory)
    {
        if (!directory.Exists(StoreNames.Manifest))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MarkBytesMax];
        using ILogFile file = directory.Open(StoreNames.Manifest, LogFileMode.Read);
        string text = Encoding.Latin1.GetString(bytes[..file.Read(bytes, 0)]);
        if (!text.StartsWith(Mark, StringComparison.Ordinal))
        {
            return null;
        }

        // It is the name of a folder here, whoever wrote it.
        RepairExchange exchange = new(directory, Path.GetFileName(text[Mark.Length..].Trim()));
        return Directory.Exists(exchange._made) ? exchange : null;
    }

    /// <summary>Keeps the manifest, if there is one, and puts the mark in its place.</summary>
    public void Begin()
    {
        directory.CreateFolder($"{folder}/old");
        if (directory.Exists(StoreNames.Manifest))
        {
            StoreRestoring.Copy(directory, new LogDirectory(_old), StoreNames.Manifest, long.MaxValue);
        }

        directory.Delete(StoreNames.ManifestBeingWritten);
        using (ILogFile file = directory.Open(StoreNames.ManifestBeingWritten, LogFileMode.CreateNew))
        {
            file.Write(Encoding.Latin1.GetBytes($"{Mark}{folder}\n"), 0);
            file.Sync();
        }

        directory.Rename(StoreNames.ManifestBeingWritten, StoreNames.Manifest);
        directory.SyncFolder("");
    }

    /// <summary>Moves what was not moved yet; the manifest comes last.</summary>
    public void Finish()
    {
        foreach (string name in Folders)
        {
            string made = Path.Join(_made, name);
            string place = Path.Join(directory.Path, name);
            if (Directory.Exists(made))
            {
                if (Directory.Exists(place))
                {
                    Directory.Move(place, Path.Join(_old, name));
                }

                Directory.Move(made, place);
            }
        }

        directory.SyncFolder($"{folder}/old");
        directory.SyncFolder("");
        directory.Rename($"{folder}/new/{StoreNames.Manifest}", StoreNames.Manifest);
        directory.SyncFolder("");
        Directory.Delete(_made, recursive: true);
    }
}
