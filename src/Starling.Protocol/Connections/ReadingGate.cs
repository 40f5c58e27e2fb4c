using Starling.Protocol.Loops;

namespace Starling.Protocol.Connections;

/// <summary>Whether a connection is read: not while its owner or its own state has no room. Tells the transport of changes only.</summary>
internal sealed class ReadingGate(ClientSession session, IConnectionOutput output)
{
    private bool _isPaused;

    /// <summary>How much room the owner has for more messages.</summary>
    public OwnerRoom Room { get; set; }

    /// <summary>Looks again.</summary>
    /// <param name="isFull">Whether too many messages wait for their acknowledgement.</param>
    /// <param name="keepAlive">Does not wait for an answer that is not read.</param>
    /// <param name="now">The instant of this iteration.</param>
    public void Update(bool isFull, KeepAliveTimer keepAlive, in Instant now)
    {
        bool isPaused = isFull || Room == OwnerRoom.Exhausted || (Room == OwnerRoom.Full && !session.AwaitsAnswer);
        if (isPaused == _isPaused)
        {
            return;
        }

        _isPaused = isPaused;
        keepAlive.SetReading(!isPaused, now);
        if (isPaused)
        {
            output.PauseReading();
        }
        else
        {
            output.ResumeReading();
        }
    }
}
