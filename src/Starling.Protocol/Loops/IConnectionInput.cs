namespace Starling.Protocol.Loops;

/// <summary>What a transport tells one connection. All members are called on the loop's thread.</summary>
public interface IConnectionInput
{
    /// <summary>
    /// Takes bytes, in order, as many as it can use. The transport keeps what was not taken, appends what arrives later, and gives
    /// all of it again, so a packet that is cut off is simply not taken. Nothing is given while reading is paused.
    /// </summary>
    /// <param name="bytes">Valid during the call only.</param>
    /// <param name="now">The instant of this iteration.</param>
    /// <returns>How many bytes were taken: 0 to the length of <paramref name="bytes"/>.</returns>
    int Receive(ReadOnlySpan<byte> bytes, in Instant now);

    /// <summary>
    /// The most bytes that the transport must be able to keep for the packet that is cut off (its whole length when its fixed
    /// header has been seen, else a small number). Asked after <see cref="Receive"/> left bytes; a hint for the buffer, never trusted
    /// as an amount to allocate at once.
    /// </summary>
    int NeededBytes { get; }

    /// <summary>Output that the kernel could not take at once has all been sent.</summary>
    void Drained(in Instant now);

    /// <summary>The connection is over; called exactly once, last, also after an own close. The output must not be used any more.</summary>
    void Closed(ConnectionEnd end, in Instant now);
}
