using System.Globalization;
using Starling.Broker.Messages;
using Starling.Broker.Sessions;
using Starling.Broker.Tests.Messages;
using Starling.Protocol;

namespace Starling.Broker.Tests.Sessions;

/// <summary>An outbox beside a plain list of deliveries that follows the rules without any cleverness; each step compares the two.</summary>
internal sealed class OutboxModel
{
    private readonly StoreUnderTest _test = new();
    private readonly Outbox _outbox;
    private readonly List<Delivery> _deliveries = [];
    private ulong _nextSequence;

    public OutboxModel(ulong firstSequence)
    {
        _outbox = new Outbox(_test.Store, firstSequence);
        _nextSequence = firstSequence;
    }

    public bool HasDeliveries => _deliveries.Count > 0;

    private Delivery? NextToSend =>
        _deliveries.Find(one => one.WasSent && one.IsDue) ?? _deliveries.Find(one => !one.WasSent);

    /// <summary>Whether the next to send would take the identifier of a delivery that is not finished.</summary>
    private bool WindowIsSpent =>
        NextToSend is { WasSent: false } next && next.Sequence - _deliveries[0].Sequence >= Outbox.PacketIdentifierCount;

    public void Append(QualityOfService qos, bool pending)
    {
        string text = _nextSequence.ToString(CultureInfo.InvariantCulture);
        StoredMessage message = _test.Add(text);
        Assert.Equal(_nextSequence, _outbox.Append(new OutboxEntry { Message = message, Qos = qos, IsPending = pending }));
        _deliveries.Add(new Delivery { Sequence = _nextSequence++, Qos = qos, IsPending = pending, Bytes = message.ByteCount });
    }

    /// <summary>As the broker does when it can send at once; else the delivery is queued.</summary>
    public void AppendSent(QualityOfService qos)
    {
        if (NextToSend is not null || (_deliveries.Count > 0 && _nextSequence - _deliveries[0].Sequence >= Outbox.PacketIdentifierCount))
        {
            Assert.False(!_outbox.HasUnsent && _outbox.HasWindow);
            Append(qos, false);
            return;
        }

        Assert.True(_outbox.HasWindow);
        StoredMessage message = _test.Add(_nextSequence.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(_nextSequence, _outbox.AppendSent(new OutboxEntry { Message = message, Qos = qos }));
        _deliveries.Add(new Delivery { Sequence = _nextSequence++, Qos = qos, Bytes = message.ByteCount, WasSent = true, IsOpen = true });
    }

    public void Send()
    {
        if (NextToSend is not { } next || WindowIsSpent)
        {
            return;
        }

        ref OutboxEntry entry = ref _outbox.Next(out ulong sequence);
        Assert.Equal(next.Sequence, sequence);
        Assert.Equal(next.Qos, entry.Qos);
        Assert.Equal(next.WasSent, entry.WasSent);
        Assert.Equal(next.IsPending, entry.IsPending);
        Assert.Equal(next.IsReleased, entry.State == OutboxState.Released);
        if (!next.IsReleased)
        {
            Assert.Equal(next.Text, _test.TextOf(entry.Message));
        }

        _outbox.MarkSent();
        next.IsOpen = !next.IsReleased;
        next.WasSent = true;
        next.IsDue = false;
    }

    public void SkipNext()
    {
        if (NextToSend is { } next)
        {
            _outbox.SkipNext();
            _deliveries.Remove(next);
        }
    }

    public void DropOldestUnsent()
    {
        Delivery? oldest = _deliveries.Find(one => !one.WasSent && !one.IsPending);
        Assert.Equal(oldest is not null, _outbox.DropOldestUnsent(out _));
        _deliveries.RemoveAll(one => one == oldest);
    }

    /// <summary>
    /// Lets sequence numbers pass, as a session does whose queue is full, until the next is as far from the oldest delivery as there are
    /// identifiers, or one or two more or less. Nothing waits for a commit then.
    /// </summary>
    public void PassToTheEdge(int choice)
    {
        foreach (Delivery delivery in _deliveries.Where(one => one.IsPending))
        {
            Assert.True(_outbox.SetCommitted(delivery.Sequence, dropsMessage: false));
            delivery.IsPending = false;
        }

        ulong edge = (HasDeliveries ? _deliveries[0].Sequence : _nextSequence) + Outbox.PacketIdentifierCount - 2 + (ulong)(choice % 4);
        while (_nextSequence < edge)
        {
            Append(QualityOfService.AtLeastOnce, pending: false);
            DropOldestUnsent();
        }
    }

    public void SetCommitted(int choice)
    {
        ulong sequence = _nextSequence - (ulong)(choice % 40);
        Delivery? delivery = _deliveries.Find(one => one.Sequence == sequence && one.IsPending);
        Assert.Equal(delivery is not null, _outbox.SetCommitted(sequence, dropsMessage: false));
        if (delivery is not null)
        {
            delivery.IsPending = false;
        }
    }

    public void Acknowledge(int choice)
    {
        ushort packetIdentifier = Choose(choice);
        Delivery? delivery = FindSent(packetIdentifier, one => one.Qos == QualityOfService.AtLeastOnce);
        Assert.Equal(delivery is null ? OutboxAnswer.Unknown : OutboxAnswer.Done, _outbox.Acknowledge(packetIdentifier, out _));
        _deliveries.RemoveAll(one => one == delivery);
    }

    public void Receive(int choice, bool refused)
    {
        ushort packetIdentifier = Choose(choice);
        Delivery? delivery = FindSent(packetIdentifier, one => one.Qos == QualityOfService.ExactlyOnce);
        OutboxAnswer expected = delivery is null ? OutboxAnswer.Unknown
            : refused ? OutboxAnswer.Done
            : delivery.IsReleased ? OutboxAnswer.AlreadyReleased : OutboxAnswer.Released;
        Assert.Equal(expected, _outbox.Receive(packetIdentifier, refused, out _));
        if (refused)
        {
            _deliveries.RemoveAll(one => one == delivery);
        }
        else if (delivery is not null)
        {
            delivery.IsReleased = true;
        }
    }

    public void Complete(int choice)
    {
        ushort packetIdentifier = Choose(choice);
        Delivery? delivery = FindSent(packetIdentifier, one => one.IsReleased);
        Assert.Equal(delivery is null ? OutboxAnswer.Unknown : OutboxAnswer.Done, _outbox.Complete(packetIdentifier, out _));
        _deliveries.RemoveAll(one => one == delivery);
    }

    public void Restart()
    {
        _outbox.Restart();
        foreach (Delivery delivery in _deliveries)
        {
            delivery.IsOpen = false;
            delivery.IsDue = delivery.WasSent;
        }
    }

    public void CopyOut() => _outbox.CopyOut();

    public void Clear()
    {
        _outbox.Clear();
        _deliveries.Clear();
        Assert.Equal(0, _test.ReferredBytes);
    }

    public void Check()
    {
        Assert.Equal(_deliveries.Count, _outbox.Count);
        Assert.Equal(_deliveries.Where(one => !one.IsReleased).Sum(one => (long)one.Bytes), _outbox.Bytes);
        Assert.Equal(_deliveries.Count(one => one.IsOpen), _outbox.OpenOnConnection);
        Assert.Equal(NextToSend is not null, _outbox.HasUnsent);
        Assert.Equal(WindowIsSpent, _outbox.WindowIsSpent);
        Assert.Equal(_nextSequence, _outbox.NextSequence);
        Assert.Equal(HasDeliveries ? _deliveries[0].Sequence : _nextSequence, _outbox.OldestSequence);

        List<(ulong, bool)> unfinished = [];
        OutboxEnumerator enumerator = _outbox.Unfinished;
        while (enumerator.MoveNext())
        {
            unfinished.Add((enumerator.Sequence, enumerator.Entry.State == OutboxState.Released));
        }

        Assert.Equal(_deliveries.Select(one => (one.Sequence, one.IsReleased)), unfinished);
    }

    // Mostly the identifier of some delivery, sometimes any.
    private ushort Choose(int choice) => HasDeliveries && choice % 8 != 0
        ? _deliveries[choice / 8 % _deliveries.Count].PacketIdentifier
        : (ushort)choice;

    private Delivery? FindSent(ushort packetIdentifier, Predicate<Delivery> condition) =>
        _deliveries.Find(one => one.WasSent && one.PacketIdentifier == packetIdentifier && condition(one));

    private sealed class Delivery
    {
        public ulong Sequence { get; init; }

        public QualityOfService Qos { get; init; }

        public int Bytes { get; init; }

        public bool IsPending { get; set; }

        public bool WasSent { get; set; }

        public bool IsDue { get; set; }

        public bool IsOpen { get; set; }

        public bool IsReleased { get; set; }

        public ushort PacketIdentifier => (ushort)((Sequence % 65535) + 1);

        public string Text => Sequence.ToString(CultureInfo.InvariantCulture);
    }
}
