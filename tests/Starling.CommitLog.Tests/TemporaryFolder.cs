namespace Starling.CommitLog.Tests;

/// <summary>A folder on the disk that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("starling-log-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
