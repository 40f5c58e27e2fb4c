namespace Starling.CommitLog;

/// <summary>What a file is opened for.</summary>
public enum LogFileMode
{
    /// <summary>Reading; the file must be there.</summary>
    Read,

    /// <summary>Reading and writing; the file must be there.</summary>
    ReadWrite,

    /// <summary>Reading and writing; the file must not be there.</summary>
    CreateNew,
}
