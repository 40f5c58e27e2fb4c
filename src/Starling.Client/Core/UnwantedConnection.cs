using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Client.Core;

/// <summary>A connection that opened after its attempt was given up.</summary>
internal sealed class UnwantedConnection : IConnectionInput
{
    public int NeededBytes => 0;

    public int Receive(ReadOnlySpan<byte> bytes, in Instant now) => bytes.Length;

    public void Drained(in Instant now)
    {
    }

    public void Closed(ConnectionEnd end, in Instant now)
    {
    }
}
