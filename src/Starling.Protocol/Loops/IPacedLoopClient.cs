namespace Starling.Protocol.Loops;

/// <summary>
/// A client that has to act at instants finer than the milliseconds of <see cref="ILoopClient.Advance"/>, such as a generator of load
/// that sends at a rate.
/// </summary>
public interface IPacedLoopClient : ILoopClient
{
    /// <summary>How the loop shall rest before its next iteration. Asked once in each iteration, after the flush; must not throw.</summary>
    LoopRest NextRest();
}
