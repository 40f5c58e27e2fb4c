namespace Starling.Protocol.Loops;

/// <summary>
/// Output that connections of one loop have in common: appended once, sent to each of them behind what it had before, and before what it gets later.
/// Lives in one iteration; do not keep it. All members are called on the loop's thread.
/// </summary>
public interface ISharedOutput
{
    /// <summary>Whether more may be appended. It ends with the iteration, or earlier by <see cref="ILoop.SendFullOutputs"/>.</summary>
    bool IsOpen { get; }

    /// <summary>From here on, what is appended here is output of this connection too.</summary>
    /// <param name="output">A connection of the same loop.</param>
    void Add(IConnectionOutput output);

    /// <summary>A span of at least <paramref name="length"/> bytes behind what was appended so far, valid until the next call on this object.</summary>
    Span<byte> GetSpan(int length);

    /// <summary>The first <paramref name="length"/> bytes of the last <see cref="GetSpan"/> are output of all connections added.</summary>
    void Advance(int length);
}
