namespace Starling.EndToEnd.Tests.Storing;

/// <summary>Directories of one test, below one that goes with it.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("starling-e2e-data-").FullName;

    /// <summary>Where a broker keeps its state; not made yet.</summary>
    public string Data => At("data");

    public string At(string name) => Path.Join(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
