using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.Opening;

namespace Starling.Storage.Tools;

/// <summary>Directories as the tools meet them: there and locked, or to be made.</summary>
internal static class ToolDirectory
{
    /// <summary>Runs something on a directory that is there and that no broker has.</summary>
    public static T Use<T>(string path, Func<LogDirectory, T> use)
    {
        if (!Directory.Exists(path))
        {
            throw new StoreException(StoreFailure.Unreadable, $"{Path.GetFullPath(path)} is not there, or cannot be read");
        }

        LogDirectory directory = new(path);
        return StoreOpening.Guard(directory, () =>
        {
            using ILogLock held = directory.Lock();
            return use(directory);
        });
    }

    /// <summary>The manifest of a directory that must be a store.</summary>
    public static Manifest ReadManifest(ILogDirectory directory) => Manifest.Read(directory) ?? throw new StoreException(
        StoreFailure.Unreadable, $"{directory.Path} is no data directory: it has no {StoreNames.Manifest}");

    /// <summary>Refuses a directory in which there is something.</summary>
    public static void RequireEmpty(string path)
    {
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
        {
            throw new StoreException(StoreFailure.NotEmpty, $"{Path.GetFullPath(path)} is not empty: name a directory that is empty or not there");
        }
    }

    /// <summary>Removes all that was made in a directory that was empty, and the directory unless it was there.</summary>
    public static void TakeBack(string path, bool keepsDirectory)
    {
        if (!Directory.Exists(path))
        {
            return;
        }

        foreach (string folder in Directory.GetDirectories(path))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (string file in Directory.GetFiles(path))
        {
            File.Delete(file);
        }

        if (!keepsDirectory)
        {
            Directory.Delete(path);
        }
    }

    /// <summary>The length of a file; 0 when it is not there any more.</summary>
    public static long LengthOf(ILogDirectory directory, string name)
    {
        try
        {
            using ILogFile file = directory.Open(name, LogFileMode.Read);
            return file.Length;
        }
        catch (IOException) when (!directory.Exists(name))
        {
            return 0;
        }
    }

    /// <summary>Bytes and number of the files in a folder.</summary>
    public static (long Bytes, int Files) Measure(ILogDirectory directory, string folder)
    {
        IReadOnlyList<string> files = directory.List(folder);
        return (files.Sum(file => LengthOf(directory, $"{folder}/{file}")), files.Count);
    }
}
