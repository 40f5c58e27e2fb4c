namespace Starling.CommitLog;

/// <summary>A directory that belongs to this process; disposing gives it back, and so does the end of the process, however it comes.</summary>
public interface ILogLock : IDisposable;
