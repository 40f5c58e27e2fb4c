using Starling.Storage.State;
using Starling.Storage.Upkeep;

namespace Starling.Storage.Tests.Upkeep;

public sealed class PickWorkTests
{
    [Fact]
    public void A_segment_that_was_picked_is_not_given_back_before_it_was_read()
    {
        StoreState state = new();
        Location place = new(5, 0);
        state.Segments.Add(place);
        SegmentUse use = state.Segments.FindOrAdd(5);
        use.IsCold = true;
        use.TotalReferences = 10;
        PickWork pick = new([], 0, 50, new HashSet<ulong>());
        pick.Run(state);
        Assert.Equal(5UL, pick.Segment);
        state.Segments.Remove(place, 0);

        FreeWork free = new([], 0, new HashSet<ulong>());
        free.Run(state);
        Assert.Empty(free.Cold);

        Assert.NotNull(pick.Pinned);
        pick.Pinned.Unpin();
        FreeWork later = new([], 0, new HashSet<ulong>());
        later.Run(state);
        Assert.Equal([5UL], later.Cold);
    }
}
