namespace Starling.CommitLog.Files;

/// <summary>Makes the names in a folder survive a power cut. The base class library cannot open folders.</summary>
internal static class FolderSync
{
    private const int ReadOnlyCloseOnExecute = 0x80000;

    public static void Run(string path)
    {
        int folder = LinuxNative.Open(path, ReadOnlyCloseOnExecute, 0);
        if (folder < 0)
        {
            throw FileError.Create(FileError.Last, "open", path);
        }

        try
        {
            while (LinuxNative.Sync(folder) < 0)
            {
                int error = FileError.Last;
                if (error != FileError.Interrupted)
                {
                    throw FileError.Create(error, "sync", path);
                }
            }
        }
        finally
        {
            _ = LinuxNative.Close(folder);
        }
    }
}
