using Starling.Storage;

namespace Starling.Server.Control;

/// <summary>Keeps the newest report only: whoever tells it on does so now and then.</summary>
internal sealed class LatestProgress : IProgress<StoreProgress>
{
    private readonly Lock _gate = new();
    private StoreProgress? _latest;

    public void Report(StoreProgress value)
    {
        lock (_gate)
        {
            _latest = value;
        }
    }

    /// <summary>The newest report that was not taken yet; null when there is none.</summary>
    public StoreProgress? Take()
    {
        lock (_gate)
        {
            StoreProgress? taken = _latest;
            _latest = null;
            return taken;
        }
    }
}
