using System.Runtime.CompilerServices;
using CsCheck;
using Starling.Broker.Messages;
using Starling.Broker.Sessions;
using Starling.Broker.Tests.Messages;
using Starling.Protocol;

namespace Starling.Broker.Tests.Sessions;

public sealed class OutboxTests
{
    private readonly StoreUnderTest _test = new();
    private readonly Outbox _outbox;

    public OutboxTests() => _outbox = new Outbox(_test.Store);

    [Fact]
    public void It_behaves_like_a_plain_list_of_deliveries() =>
        Gen.Select(
            Gen.OneOf(Gen.ULong[0, 10], Gen.ULong[65_500, 65_550], Gen.ULong[1UL << 40, 1UL << 41]),
            Gen.Select(Gen.Int[0, 15], Gen.Int[0, 1 << 16], Gen.Bool).Array[0, 300])
            .Sample(
                (first, operations) =>
                {
                    OutboxModel model = new(first);
                    foreach ((int operation, int choice, bool flag) in operations)
                    {
                        Apply(model, operation, choice, flag);
                        model.Check();
                    }

                    model.Clear();
                    model.Check();
                },
                iter: 500);

    [Fact, Statement("MQTT-2.2.1-3")]
    public void It_behaves_like_a_plain_list_while_its_identifiers_go_round() =>
        Gen.Select(Gen.ULong[0, 70_000], Gen.Select(Gen.Int[0, 17], Gen.Int[0, 1 << 16], Gen.Bool).Array[40, 120])
            .Sample(
                (first, operations) =>
                {
                    OutboxModel model = new(first);
                    foreach ((int operation, int choice, bool flag) in operations)
                    {
                        Action step = operation == 17 ? () => model.PassToTheEdge(choice) : () => Apply(model, operation % 16, choice, flag);
                        step();
                        model.Check();
                    }

                    model.Clear();
                    model.Check();
                },
                iter: 20);

    [Fact]
    public void An_entry_takes_20_bytes() => Assert.Equal(20, Unsafe.SizeOf<OutboxEntry>());

    [Fact, Statement("MQTT-2.2.1-4")]
    public void No_two_open_deliveries_share_a_Packet_Identifier_and_none_has_zero()
    {
        HashSet<ushort> open = [];
        for (int i = 0; i < 70_000; i++)
        {
            Append();
        }

        while (!_outbox.WindowIsSpent)
        {
            Assert.True(open.Add(Send()));
        }

        Assert.Equal(65_535, open.Count);
        Assert.DoesNotContain((ushort)0, open);
    }

    [Fact]
    public void A_spent_window_opens_when_the_oldest_delivery_is_finished_and_not_before()
    {
        for (int i = 0; i < 65_600; i++)
        {
            Append();
        }

        while (!_outbox.WindowIsSpent)
        {
            Send();
        }

        _outbox.Acknowledge(2, out _);
        Assert.True(_outbox.WindowIsSpent);
        _outbox.Acknowledge(1, out _);
        Assert.False(_outbox.WindowIsSpent);
        Assert.Equal(1, Send());
        Assert.Equal(2, Send());
        Assert.True(_outbox.WindowIsSpent);
    }

    [Fact, Statement("MQTT-4.4.0-1"), Statement("MQTT311-4.6.0-1")]
    public void After_a_restart_all_that_is_open_goes_out_again_in_order_with_its_identifier_before_what_is_new()
    {
        Append();
        Append();
        Append();
        Send();
        Send();
        _outbox.Restart();

        Assert.Equal([1, 2, 3], SendAll());
    }

    [Fact, Statement("MQTT-3.3.1-1")]
    public void Only_what_was_sent_before_carries_DUP()
    {
        Append();
        Append();
        Send();
        _outbox.Restart();

        Assert.True(_outbox.Next(out _).WasSent);
        Send();
        Assert.False(_outbox.Next(out _).WasSent);
    }

    [Fact, Statement("MQTT-4.3.3-4")]
    public void PUBREC_makes_PUBREL_due_and_a_refusing_one_ends_the_delivery()
    {
        Append(QualityOfService.ExactlyOnce);
        Append(QualityOfService.ExactlyOnce);
        SendAll();

        Assert.Equal(OutboxAnswer.Released, _outbox.Receive(1, refused: false, out _));
        Assert.Equal(OutboxAnswer.Done, _outbox.Receive(2, refused: true, out _));
        Assert.Equal(OutboxAnswer.Unknown, _outbox.Complete(2, out _));
    }

    [Fact, Statement("MQTT-4.3.3-6"), Statement("MQTT311-4.3.3-1")]
    public void After_PUBREC_only_PUBREL_is_repeated()
    {
        Append(QualityOfService.ExactlyOnce);
        Send();
        _outbox.Receive(1, refused: false, out _);
        _outbox.Restart();

        ref OutboxEntry entry = ref _outbox.Next(out _);
        Assert.Equal(OutboxState.Released, entry.State);
        Assert.True(entry.Message.IsNone);
    }

    [Fact]
    public void A_PUBREL_sent_again_uses_nothing_of_Receive_Maximum()
    {
        Append(QualityOfService.ExactlyOnce);
        Send();
        _outbox.Receive(1, refused: false, out _);
        _outbox.Restart();
        Send();

        Assert.Equal(0, _outbox.OpenOnConnection);
        Assert.Equal(OutboxAnswer.Done, _outbox.Complete(1, out _));
        Assert.Equal(0, _outbox.OpenOnConnection);
    }

    [Fact]
    public void A_delivery_uses_Receive_Maximum_until_PUBCOMP()
    {
        Append(QualityOfService.ExactlyOnce);
        Send();
        _outbox.Receive(1, refused: false, out _);
        Assert.Equal(1, _outbox.OpenOnConnection);

        _outbox.Complete(1, out _);
        Assert.Equal(0, _outbox.OpenOnConnection);
    }

    [Fact]
    public void PUBACK_means_nothing_for_a_QoS_2_delivery()
    {
        Append(QualityOfService.ExactlyOnce);
        Send();

        Assert.Equal(OutboxAnswer.Unknown, _outbox.Acknowledge(1, out _));
        Assert.Equal(1, _outbox.Count);
    }

    [Fact]
    public void PUBREC_means_nothing_for_a_QoS_1_delivery()
    {
        Append();
        Send();

        Assert.Equal(OutboxAnswer.Unknown, _outbox.Receive(1, refused: false, out _));
    }

    [Fact]
    public void What_was_never_sent_cannot_be_acknowledged()
    {
        Append();

        Assert.Equal(OutboxAnswer.Unknown, _outbox.Acknowledge(1, out _));
    }

    [Fact]
    public void A_drop_takes_neither_what_was_sent_nor_what_is_pending()
    {
        Append();
        Send();
        _outbox.Append(new OutboxEntry { Message = _test.Add("pending"), Qos = QualityOfService.AtLeastOnce, IsPending = true });

        Assert.False(_outbox.DropOldestUnsent(out _));
        _outbox.SetCommitted(1, dropsMessage: false);
        Assert.True(_outbox.DropOldestUnsent(out _));
        Assert.Equal(1, _outbox.Count);
    }

    [Fact]
    public void Offline_bodies_let_go_of_the_short_lived_chunks()
    {
        StoredMessage message = _test.Add("kept");
        _test.Store.AddReference(message);
        _outbox.Append(new OutboxEntry { Message = message, Qos = QualityOfService.AtLeastOnce });
        _outbox.CopyOut();

        Assert.Equal(1, _test.Store.BlockOf(message).References);
        Assert.Equal("kept", _test.TextOf(_outbox.Next(out _).Message));
    }

    [Fact]
    public void Drops_behind_an_open_delivery_cost_no_memory()
    {
        Append();
        Send();
        Append();
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 50_000; i++)
            {
                Append();
                _outbox.DropOldestUnsent(out _);
            }
        });
    }

    [Fact]
    public void Deliveries_allocate_nothing_in_steady_state() => Allocations.AssertNone(() =>
    {
        for (int i = 0; i < 1000; i++)
        {
            Append(i % 3 == 0 ? QualityOfService.ExactlyOnce : QualityOfService.AtLeastOnce);
            ushort identifier = Send();
            if (_outbox.Acknowledge(identifier, out _) == OutboxAnswer.Unknown)
            {
                _outbox.Receive(identifier, refused: false, out _);
                _outbox.Complete(identifier, out _);
            }
        }
    });

    private static void Apply(OutboxModel model, int operation, int choice, bool flag)
    {
        Action step = operation switch
        {
            3 => () => model.AppendSent(flag ? QualityOfService.ExactlyOnce : QualityOfService.AtLeastOnce),
            < 4 => () => model.Append(flag ? QualityOfService.ExactlyOnce : QualityOfService.AtLeastOnce, choice % 3 == 0),
            < 8 => model.Send,
            8 => model.SkipNext,
            9 => model.DropOldestUnsent,
            10 => () => model.SetCommitted(choice),
            11 => () => model.Acknowledge(choice),
            12 => () => model.Receive(choice, flag && choice % 2 == 0),
            13 => () => model.Complete(choice),
            14 => flag ? model.Restart : model.CopyOut,
            _ => () => model.Acknowledge(choice + 1),
        };
        step();
    }

    private readonly byte[] _payload = new byte[100];

    private void Append(QualityOfService qos = QualityOfService.AtLeastOnce)
    {
        StoredMessage message = _test.Store.Add(new Message { Topic = "t"u8, Payload = _payload });
        _outbox.Append(new OutboxEntry { Message = message, Qos = qos });
    }

    private ushort Send()
    {
        _outbox.Next(out ulong sequence);
        _outbox.MarkSent();
        return Outbox.PacketIdentifierOf(sequence);
    }

    private List<int> SendAll()
    {
        List<int> identifiers = [];
        while (_outbox.HasUnsent)
        {
            identifiers.Add(Send());
        }

        return identifiers;
    }
}
