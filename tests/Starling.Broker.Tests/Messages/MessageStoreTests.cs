using CsCheck;
using Starling.Broker.Messages;
using Starling.Protocol;

namespace Starling.Broker.Tests.Messages;

public sealed class MessageStoreTests
{
    private readonly StoreUnderTest _test = new();

    [Fact]
    public void A_message_reads_back_as_it_was_stored()
    {
        Gen<byte[]> bytes = Gen.Byte.Array[0, 300];
        Gen<byte[]> payload = Gen.OneOf(bytes, Gen.Byte.Array[16_000, 17_000]);
        Gen.Select(bytes, bytes, payload, Gen.Long, Gen.ULong, Gen.Enum<QualityOfService>(), Gen.Bool)
            .Sample((topic, properties, body, expiry, publisher, qos, retain) =>
            {
                MessageStore store = new StoreUnderTest().Store;
                StoredMessage stored = store.Add(new Message
                {
                    Topic = topic,
                    Properties = properties,
                    Payload = body,
                    ExpiresAtUtcMilliseconds = expiry,
                    Publisher = publisher,
                    Qos = qos,
                    Retain = retain,
                });
                Message read = store.Read(stored);
                return read.Topic.SequenceEqual(topic) && read.Properties.SequenceEqual(properties) && read.Payload.SequenceEqual(body)
                    && read.ExpiresAtUtcMilliseconds == expiry && read.Publisher == publisher && read.Qos == qos && read.Retain == retain
                    && read.Frame.IsEmpty;
            });
    }

    [Fact]
    public void Messages_stay_intact_while_they_are_referred_to_and_leave_nothing_behind()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1 << 20], Gen.Frequency((9, Gen.Int[0, 3000]), (1, Gen.Int[15_000, 40_000])))
            .Array[0, 300]
            .Sample(operations =>
            {
                StoreUnderTest test = new();
                List<(StoredMessage Message, byte Fill, int Length)> held = [];
                foreach ((int operation, int choice, int length) in operations)
                {
                    Apply(test.Store, held, operation, choice, length);
                }

                foreach ((StoredMessage message, byte fill, int length) in held)
                {
                    ReadOnlySpan<byte> payload = test.Store.Read(message).Payload;
                    Assert.Equal(length, payload.Length);
                    Assert.False(payload.ContainsAnyExcept(fill));
                }

                held.ForEach(one => test.Store.Release(one.Message));
                Assert.Equal(0, test.ReferredBytes);
            });
    }

    [Fact]
    public void Chunks_that_nobody_refers_to_go_back_to_the_pool()
    {
        List<StoredMessage> messages = [];
        for (int i = 0; i < 100; i++)
        {
            messages.Add(_test.AddOfSize(4000));
        }

        long full = _test.HeldBytes;
        messages.ForEach(_test.Store.Release);

        Assert.True(full >= 400_000);
        Assert.Equal(MessageStore.ChunkBytes, _test.HeldBytes);
    }

    [Fact]
    public void The_current_chunk_begins_anew_when_nobody_refers_to_it()
    {
        for (int i = 0; i < 1000; i++)
        {
            _test.Store.Release(_test.AddOfSize(1000));
        }

        Assert.Equal(MessageStore.ChunkBytes, _test.HeldBytes);
    }

    [Fact]
    public void A_large_message_has_a_block_of_its_own()
    {
        StoredMessage small = _test.AddOfSize(10);
        StoredMessage large = _test.AddOfSize(MessageStore.OwnBlockBytes);
        Assert.NotSame(_test.Store.BlockOf(small), _test.Store.BlockOf(large));

        long before = _test.HeldBytes;
        _test.Store.Release(large);
        Assert.Equal(before - (32 << 10), _test.HeldBytes);
    }

    [Fact]
    public void A_message_lives_until_its_last_reference_is_released()
    {
        StoredMessage message = _test.Add("still here");
        _test.Store.AddReference(message);
        _test.Store.Release(message);
        _test.Add("another");

        Assert.Equal("still here", _test.TextOf(message));
    }

    [Fact]
    public void A_message_copied_out_no_longer_holds_the_chunk_it_was_stored_in()
    {
        StoredMessage waiting = _test.Add("waits");
        StoredMessage[] passing = [.. Enumerable.Range(0, 20).Select(_ => _test.AddOfSize(3000))];
        MessageBlock first = _test.Store.BlockOf(waiting);

        waiting = _test.Store.CopyOut(waiting);
        Array.ForEach(passing, _test.Store.Release);

        Assert.Equal(0, first.References);
        Assert.Equal("waits", _test.TextOf(waiting));
    }

    [Fact]
    public void All_who_hold_a_message_share_one_copy_of_it()
    {
        StoredMessage message = _test.Add("for many");
        _test.Store.AddReference(message);

        StoredMessage one = _test.Store.CopyOut(message);
        StoredMessage other = _test.Store.CopyOut(message);

        Assert.Same(_test.Store.BlockOf(one), _test.Store.BlockOf(other));
        Assert.Equal(one.Offset, other.Offset);
    }

    [Fact]
    public void A_shared_copy_outlives_the_chunk_it_came_from()
    {
        StoredMessage message = _test.Add("for two");
        _test.Store.AddReference(message);
        StoredMessage one = _test.Store.CopyOut(message);
        StoredMessage other = _test.Store.CopyOut(message);
        _test.Store.Release(one);

        _test.Add("overwrites the short-lived chunk");

        Assert.Equal("for two", _test.TextOf(other));
    }

    [Fact]
    public void What_is_long_lived_already_is_not_copied_again()
    {
        StoredMessage copy = _test.Store.CopyOut(_test.Add("long"));
        StoredMessage again = _test.Store.CopyOut(copy);

        Assert.Same(_test.Store.BlockOf(copy), _test.Store.BlockOf(again));
        Assert.Equal(1, _test.Store.BlockOf(again).References);
    }

    [Fact]
    public void Storing_allocates_nothing_in_steady_state()
    {
        byte[] payload = new byte[20_000];
        StoredMessage[] window = new StoredMessage[64];
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                ref StoredMessage slot = ref window[i % window.Length];
                if (!slot.IsNone)
                {
                    _test.Store.Release(slot);
                }

                slot = _test.Store.Add(new Message { Topic = "t"u8, Payload = payload.AsSpan(0, i % 50 == 0 ? 20_000 : 700) });
                if (i % 7 == 0)
                {
                    slot = _test.Store.CopyOut(slot);
                }
            }
        });
    }

    private static void Apply(MessageStore store, List<(StoredMessage Message, byte Fill, int Length)> held, int operation, int choice, int length)
    {
        byte fill = (byte)choice;
        if (operation == 0 || held.Count == 0)
        {
            byte[] payload = new byte[length];
            Array.Fill(payload, fill);
            held.Add((store.Add(new Message { Topic = "topic"u8, Payload = payload }), fill, length));
            return;
        }

        int index = choice % held.Count;
        (StoredMessage message, fill, length) = held[index];
        switch (operation)
        {
            case 1:
                store.AddReference(message);
                held.Add(held[index]);
                break;
            case 2:
                store.Release(message);
                held.RemoveAt(index);
                break;
            default:
                held[index] = (store.CopyOut(message), fill, length);
                break;
        }
    }
}
