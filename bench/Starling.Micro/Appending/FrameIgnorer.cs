using Starling.CommitLog;

namespace Starling.Micro.Appending;

/// <summary>A new log has no frames.</summary>
internal sealed class FrameIgnorer : IFrameVisitor
{
    public void Visit(in LogFrame frame) => throw new InvalidOperationException("The log is not new.");
}
