namespace Starling.Bench.Checking;

/// <summary>A receiver that gets every message of some publishers, those of each in order.</summary>
/// <param name="run">The run that they belong to.</param>
/// <param name="firstPublisher">The first of the publishers.</param>
/// <param name="publishers">How many there are, with numbers one behind the other.</param>
internal sealed class OrderedCheck(uint run, int firstPublisher, int publishers) : IArrivalCheck
{
    private readonly SequenceTracker[] _trackers = new SequenceTracker[publishers];

    public Arrival Check(in MessageHeader header, out long missing)
    {
        int index = header.Publisher - firstPublisher;
        if (header.Run != run || (uint)index >= (uint)_trackers.Length)
        {
            missing = 0;
            return Arrival.Foreign;
        }

        return _trackers[index].Add(header.Sequence, out missing);
    }
}
