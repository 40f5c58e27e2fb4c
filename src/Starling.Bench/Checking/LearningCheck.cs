using System.Runtime.InteropServices;

namespace Starling.Bench.Checking;

/// <summary>A receiver of what other processes publish: it learns of each publisher by its first message, whatever number that has.</summary>
internal sealed class LearningCheck : IArrivalCheck
{
    private readonly Dictionary<(uint Run, int Publisher), (long First, SequenceTracker Tracker)> _publishers = [];

    public Arrival Check(in MessageHeader header, out long missing)
    {
        ref (long First, SequenceTracker Tracker) known = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _publishers, (header.Run, header.Publisher), out bool exists);
        if (!exists)
        {
            known.First = header.Sequence;
        }

        long sequence = header.Sequence - known.First;
        if (sequence < 0)
        {
            // From before the first that was seen: nothing is known of those.
            missing = 0;
            return Arrival.Late;
        }

        return known.Tracker.Add(sequence, out missing);
    }
}
