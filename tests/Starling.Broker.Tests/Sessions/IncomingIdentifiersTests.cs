using Starling.Broker.Sessions;

namespace Starling.Broker.Tests.Sessions;

public sealed class IncomingIdentifiersTests
{
    private readonly IncomingIdentifiers _identifiers = new();

    [Fact, Statement("MQTT-4.3.3-10")]
    public void An_identifier_is_taken_once_until_it_is_released()
    {
        Assert.True(_identifiers.TryAdd(5, 100));
        Assert.False(_identifiers.TryAdd(5, 101));
        Assert.True(_identifiers.Contains(5, out ulong lsn));
        Assert.Equal(100UL, lsn);
    }

    [Fact, Statement("MQTT-4.3.3-12")]
    public void A_released_identifier_is_new_again()
    {
        _identifiers.TryAdd(5, 100);

        Assert.True(_identifiers.Remove(5));
        Assert.False(_identifiers.Contains(5, out _));
        Assert.True(_identifiers.TryAdd(5, 200));
    }

    [Fact]
    public void What_is_not_there_cannot_be_removed() => Assert.False(_identifiers.Remove(1));

    [Fact]
    public void Clear_forgets_all()
    {
        _identifiers.TryAdd(1, 0);
        _identifiers.TryAdd(65535, 0);
        Assert.Equal(2, _identifiers.Count);

        _identifiers.Clear();
        Assert.Equal(0, _identifiers.Count);
    }

    [Fact]
    public void They_allocate_nothing_in_steady_state() => Allocations.AssertNone(() =>
    {
        for (int i = 1; i < 5000; i++)
        {
            _identifiers.TryAdd((ushort)i, (ulong)i);
            _identifiers.Remove((ushort)(i - 20));
        }

        for (int i = 4979; i < 5000; i++)
        {
            _identifiers.Remove((ushort)i);
        }
    });
}
