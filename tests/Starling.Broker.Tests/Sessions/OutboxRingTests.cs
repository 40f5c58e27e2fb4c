using Starling.Broker.Sessions;

namespace Starling.Broker.Tests.Sessions;

public sealed class OutboxRingTests
{
    private OutboxRing _ring = new(7);

    [Fact]
    public void It_has_no_array_before_the_first_entry() => Assert.Equal(0, _ring.Capacity);

    [Fact]
    public void It_grows_by_doubling_from_8()
    {
        Add(1);
        Assert.Equal(8, _ring.Capacity);
        Add(8);
        Assert.Equal(16, _ring.Capacity);
    }

    [Fact]
    public void It_keeps_its_entries_when_it_grows()
    {
        for (uint i = 0; i < 100; i++)
        {
            _ring.Add().Identifier = i;
        }

        for (uint i = 0; i < 100; i++)
        {
            Assert.Equal(i, _ring[7 + i].Identifier);
        }
    }

    [Fact]
    public void It_shrinks_when_it_has_long_been_nearly_empty()
    {
        Add(1000);
        Empty();
        for (int i = 0; i < 1000; i++)
        {
            Add(1);
            Empty();
        }

        Assert.Equal(8, _ring.Capacity);
    }

    [Fact]
    public void It_keeps_its_size_while_the_size_is_needed_now_and_then()
    {
        for (int i = 0; i < 300; i++)
        {
            Add(i % 10 == 0 ? 1000 : 1);
            Empty();
        }

        Assert.Equal(1024, _ring.Capacity);
    }

    private void Add(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ring.Add().State = OutboxState.Queued;
        }
    }

    private void Empty()
    {
        while (!_ring.IsEmpty)
        {
            _ring.RemoveFirst();
        }
    }
}
