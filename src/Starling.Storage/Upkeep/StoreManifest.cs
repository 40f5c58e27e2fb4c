using Starling.CommitLog;
using Starling.Storage.Checkpoints;

namespace Starling.Storage.Upkeep;

/// <summary>The manifest while the store runs. The worker changes it.</summary>
internal sealed class StoreManifest(ILogDirectory directory, Manifest manifest)
{
    private volatile Manifest _current = manifest;

    public Manifest Current => _current;

    public void Replace(Manifest manifest)
    {
        manifest.Write(directory);
        _current = manifest;
    }
}
