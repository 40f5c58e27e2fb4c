namespace Starling.Bench.Checking;

/// <summary>A receiver whose messages have different topics, between which MQTT promises no order.</summary>
/// <param name="run">The run that they belong to.</param>
/// <param name="publishers">Which messages have arrived, by publisher.</param>
internal sealed class UnorderedCheck(uint run, DeliveryBitmap[] publishers) : IArrivalCheck
{
    public Arrival Check(in MessageHeader header, out long missing)
    {
        missing = 0;
        if (header.Run != run || header.Publisher >= publishers.Length)
        {
            return Arrival.Foreign;
        }

        return publishers[header.Publisher].TryAdd(header.Sequence) ? Arrival.InOrder : Arrival.Duplicate;
    }
}
