namespace Starling.CommitLog;

/// <summary>
/// The directory of a store, and every way to reach what is in it. Names are relative, with slashes. Any thread may call. Every member
/// throws <see cref="IOException"/> for what the environment does wrong, and <see cref="LogFullException"/> when there is no room.
/// </summary>
public interface ILogDirectory
{
    /// <summary>Where it is, for messages.</summary>
    string Path { get; }

    /// <summary>The size of the disk that holds it.</summary>
    LogSpace Space { get; }

    /// <summary>Opens or creates a file. A created one survives a power cut after <see cref="SyncFolder"/> of its folder.</summary>
    ILogFile Open(string name, LogFileMode mode);

    /// <summary>Whether there is a file of this name.</summary>
    bool Exists(string name);

    /// <summary>The names of the files of a folder, without the folder, in ordinal order; none when there is no such folder.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Creates the folder unless it is there; <c>""</c> is the directory itself.</summary>
    void CreateFolder(string folder);

    /// <summary>Gives a file another name, in place of the file that had it. Atomic; survives a power cut after both folders are synced.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a name; nothing happens when there is no such file. Open files stay readable.</summary>
    void Delete(string name);

    /// <summary>Returns when the names in the folder survive a power cut; <c>""</c> is the directory itself.</summary>
    void SyncFolder(string folder);

    /// <summary>The names that the file has, here and elsewhere: more than one when a backup shares it.</summary>
    int CountLinks(string name);

    /// <summary>Gives the file a second name anywhere on the machine; where that is another disk, a synced copy.</summary>
    void LinkTo(string name, string absoluteTarget);

    /// <summary>Takes the directory for this process until the lock is disposed of.</summary>
    /// <exception cref="LogLockedException">Another process has it.</exception>
    ILogLock Lock();
}
