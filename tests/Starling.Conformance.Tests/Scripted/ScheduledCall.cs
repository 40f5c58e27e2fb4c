namespace Starling.Conformance.Tests.Scripted;

/// <summary>Something that is to happen at a time, unless it is cancelled before.</summary>
internal sealed class ScheduledCall(Action action)
{
    private bool _isCancelled;

    public void Cancel() => _isCancelled = true;

    public void Make()
    {
        if (!_isCancelled)
        {
            action();
        }
    }
}
