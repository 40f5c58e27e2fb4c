namespace Starling.Bench.Checking;

/// <summary>
/// A member of a shared subscription: each message arrives at one of the members, and those that arrive at one member are in the order
/// of their publisher.
/// </summary>
/// <param name="run">The run that they belong to.</param>
/// <param name="publishers">Which messages have arrived at any member, by publisher.</param>
internal sealed class SharedCheck(uint run, DeliveryBitmap[] publishers) : IArrivalCheck
{
    private readonly long[] _next = new long[publishers.Length];

    public Arrival Check(in MessageHeader header, out long missing)
    {
        missing = 0;
        if (header.Run != run || header.Publisher >= publishers.Length)
        {
            return Arrival.Foreign;
        }

        if (!publishers[header.Publisher].TryAdd(header.Sequence))
        {
            return Arrival.Duplicate;
        }

        ref long next = ref _next[header.Publisher];
        if (header.Sequence < next)
        {
            return Arrival.Late;
        }

        next = header.Sequence + 1;
        return Arrival.InOrder;
    }
}
