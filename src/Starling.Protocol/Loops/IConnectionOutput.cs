namespace Starling.Protocol.Loops;

/// <summary>One connection, as its protocol core uses it. All members are called on the loop's thread.</summary>
public interface IConnectionOutput
{
    /// <summary>
    /// A span of at least <paramref name="length"/> bytes behind the output so far, valid until the next call on this object.
    /// </summary>
    Span<byte> GetSpan(int length);

    /// <summary>
    /// The first <paramref name="length"/> bytes of the last <see cref="GetSpan"/> are output now. They are sent at the end of the
    /// iteration, or at once when much is pending.
    /// </summary>
    void Advance(int length);

    /// <summary>
    /// A part of a block is output now, and is sent from where it is: cheaper than a copy from about 16 KiB on. The caller's hold on the block passes to the
    /// output, which releases it.
    /// </summary>
    /// <param name="block">Released on this thread when it is sent, or never will be.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="length">Bytes of the part, at least 1.</param>
    void Append(IOutputBlock block, int offset, int length);

    /// <summary>Bytes of output not yet taken by the kernel.</summary>
    int PendingBytes { get; }

    /// <summary>Stops giving bytes to the input, from the end of the running <see cref="IConnectionInput.Receive"/> on.</summary>
    void PauseReading();

    /// <summary>Gives bytes again: first those not taken, in the next iteration at the latest, then what the socket has.</summary>
    void ResumeReading();

    /// <summary>
    /// Sends what is pending, then ends the connection in order: shuts the sending side, discards what still arrives until the
    /// peer has closed or a short time is over (so that the peer can read the last packet), then closes. No more bytes are given
    /// to the input.
    /// </summary>
    void Close();

    /// <summary>Ends the connection at once and forgets what is pending.</summary>
    void Abort();

    /// <summary>
    /// Moves the connection, with the bytes not taken, to another loop of the group, where it is attached again. Legal inside
    /// <see cref="IConnectionInput.Receive"/> only, with no output pending; afterwards this object and its input are dead and
    /// <see cref="IConnectionInput.Closed"/> is not called.
    /// </summary>
    void MoveTo(int loopIndex);
}
