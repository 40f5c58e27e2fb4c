namespace Starling.Protocol.Loops;

/// <summary>
/// The sans-I/O core behind one event loop: bytes, mailboxes and an instant go in; bytes and one next deadline come out.
/// All members but <see cref="HasMail"/> are called on the loop's thread. An iteration is: received bytes and other socket events,
/// then <see cref="ReadMailboxes"/>, then <see cref="Advance"/>, then the loop flushes every connection that has new output.
/// </summary>
public interface ILoopClient
{
    /// <summary>Called once, before everything else.</summary>
    void Start(ILoop loop, in Instant now);

    /// <summary>A connection has been accepted, connected, or moved here; its events go to the returned object.</summary>
    IConnectionInput Attach(IConnectionOutput output, in ConnectionDetails details, in Instant now);

    /// <summary>Whether a mailbox holds letters. Callable from any thread.</summary>
    bool HasMail { get; }

    /// <summary>Handles what the mailboxes hold.</summary>
    void ReadMailboxes(in Instant now);

    /// <summary>
    /// Fires what is due and hands over what this iteration made for other loops.
    /// Returns the monotonic time in milliseconds at which the loop must run again at the latest: <see cref="long.MaxValue"/> for
    /// never, and <paramref name="now"/> or earlier for at once.
    /// </summary>
    long Advance(in Instant now);
}
