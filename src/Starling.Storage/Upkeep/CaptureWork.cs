using Starling.Storage.Checkpoints;
using Starling.Storage.Commits;
using Starling.Storage.Records;
using Starling.Storage.State;

namespace Starling.Storage.Upkeep;

/// <summary>Takes the next piece of a checkpoint down.</summary>
internal sealed class CaptureWork(long nowUtcMilliseconds) : CommitterWork
{
    private const int PieceBytes = 192 << 10;

    private bool _isGivenUp;

    public RecordBuffer Buffer { get; } = new();

    public CheckpointCapture? Capture { get; private set; }

    /// <summary>The piece was written; the next one, please.</summary>
    public void Next()
    {
        Buffer.Clear();
        Reset();
    }

    /// <summary>No further piece is wanted.</summary>
    public void GiveUp()
    {
        _isGivenUp = true;
        Reset();
    }

    protected override void Do(StoreState state)
    {
        if (_isGivenUp)
        {
            Capture?.Close();
            return;
        }

        Capture ??= new CheckpointCapture(state, nowUtcMilliseconds);
        Capture.Fill(Buffer, PieceBytes);
    }
}
