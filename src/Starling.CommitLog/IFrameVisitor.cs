namespace Starling.CommitLog;

/// <summary>Gets the frames of a log one after the other.</summary>
public interface IFrameVisitor
{
    /// <summary>Gets the next frame.</summary>
    /// <param name="frame">Valid during the call.</param>
    void Visit(in LogFrame frame);
}
