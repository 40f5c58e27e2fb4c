namespace Starling.CommitLog.Files;

/// <summary>The lock of a directory, with what is kept open while it is held.</summary>
internal sealed class HeldDirectory(ILogLock held, FolderSync folders) : ILogLock
{
    public void Dispose()
    {
        folders.Close();
        held.Dispose();
    }
}
