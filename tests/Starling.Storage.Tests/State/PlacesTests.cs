using Starling.Broker.Ports;
using Starling.Storage.State;
using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.State;

public sealed class PlacesTests
{
    [Fact]
    public void A_place_that_does_not_fit_is_refused_and_not_cut()
    {
        Location last = new(Location.SegmentMax, Location.OffsetMax);
        Assert.Equal((Location.SegmentMax, Location.OffsetMax), (last.Segment, last.Offset));

        Assert.Throws<ArgumentOutOfRangeException>(() => new Location(1, Location.OffsetMax + 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Location(1, -8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Location(Location.SegmentMax + 1, 0));
    }

    [Fact]
    public void PUBREC_for_a_delivery_that_is_finished_already_says_how_far_was_sent()
    {
        StoreState state = new();
        Operation opened = new() { Kind = StoreRecordKind.SessionOpened, Session = 1, Topic = "c" };
        Operation received = new() { Kind = StoreRecordKind.Received, Session = 1, Sequence = 6 };
        StateSamples.Apply(state, [StateSamples.Encode(opened), StateSamples.Encode(received)], 1);

        Assert.Equal(7UL, state.Sessions.Find(1)?.SentBelow);
    }
}
