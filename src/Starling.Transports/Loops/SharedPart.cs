using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>What one connection still has to send of a <see cref="SharedOutput"/>; it grows with that. The default value is nothing.</summary>
internal struct SharedPart(SharedOutput output)
{
    private readonly SharedOutput? _output = output;
    private int _sent = output.Length;

    public readonly int Length => _output is { } output ? output.Length - _sent : 0;

    public readonly ReadOnlySpan<byte> Pending => _output is { } output ? output.Bytes[_sent..] : default;

    public void Consume(int length) => _sent += length;

    /// <summary>Copies what is pending behind the connection's own output, because something comes after it.</summary>
    public void MoveTo(ref OutputBuffer output, BufferPool pool)
    {
        if (Length > 0)
        {
            Pending.CopyTo(output.GetSpan(pool, Length));
            output.Advance(Length);
            Consume(Length);
        }
    }
}
