using Starling.Bench.Checking;
using Starling.Bench.Measuring;
using Starling.Bench.Running;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Bench.Loads;

/// <summary>One connection of a client: feeds the machine, counts, checks and answers. The thread of its loop.</summary>
internal sealed class LoadConnection : IConnectionInput
{
    private readonly LoadLoop _loop;
    private readonly LoadClient _client;
    private readonly IConnectionOutput _output;
    private readonly ClientConnection _connection;
    private readonly long _connectSent;
    private bool _mustSubscribe;
    private bool _isOwnEnd;
    private bool _hasPublished;
    private bool _hasArrived;

    public LoadConnection(LoadLoop loop, LoadClient client, IConnectionOutput output)
    {
        _loop = loop;
        _client = client;
        _output = output;
        _connection = new ClientConnection(client.CreateSettings(loop.Run), client.Session, output);
        _connectSent = loop.Run.Clock.Now;
        _connection.Start();
    }

    /// <summary>Whether it is accepted, and subscribed if it shall be.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Where its loop keeps it.</summary>
    public int Place { get; set; }

    public int PendingBytes => _output.PendingBytes;

    public int NeededBytes => _connection.NeededBytes;

    public long Deadline => _connection.Deadline;

    private LoopCounters Counters => _loop.Metrics.Counters;

    public int Receive(ReadOnlySpan<byte> bytes, in Instant now)
    {
        _loop.BeginReceive();
        LoadEffects effects = new(this);
        int used = _connection.Receive(bytes, now, ref effects);
        _loop.AcknowledgeArrivals(_connection, now);
        Publish(_loop.Answers, now);
        if (_mustSubscribe)
        {
            _mustSubscribe = false;
            Subscribe(now);
        }

        if (_client.Publisher is { } publisher)
        {
            _loop.MaySend(publisher);
        }

        if (_client.IsCycling && IsReady)
        {
            Cycle(now);
        }

        return used;
    }

    public void Drained(in Instant now)
    {
        LoadEffects effects = new(this);
        _connection.SendWaiting(now, ref effects);
        if (_client.Publisher is { } publisher)
        {
            _loop.MaySend(publisher);
        }
    }

    public void Closed(ConnectionEnd end, in Instant now)
    {
        LoadEffects effects = new(this);
        _connection.TransportClosed(ref effects);
        _client.Link = null;
        _loop.Detach(this);
        Counters.Ended++;
        _loop.Run.Closed.Enqueue(_client);
    }

    /// <summary>Sends PINGREQ when it is time, and gives up a server that does not answer.</summary>
    public void KeepAlive(in Instant now)
    {
        LoadEffects effects = new(this);
        _connection.Advance(now, ref effects);
    }

    /// <summary>Sends what publishers have written and what they have added to the session.</summary>
    public void Publish(PacketScratch scratch, in Instant now)
    {
        if (scratch.Length > 0)
        {
            _connection.SendEncoded(scratch.Packets, now);
            scratch.Clear();
        }

        LoadEffects effects = new(this);
        _connection.SendWaiting(now, ref effects);
    }

    public void Disconnect()
    {
        _isOwnEnd = true;
        LoadEffects effects = new(this);
        _connection.Disconnect(ReasonCode.Success, null, ref effects);
    }

    public void OnAccepted(scoped in ConnAckPacket packet, in ServerLimits limits)
    {
        long now = _loop.Run.Clock.Now;
        _loop.Metrics[Measure.ConnAck].Record(now - _connectSent);
        _loop.Metrics[Measure.Connect].Record(now - _client.OpenIntended);
        _loop.Run.Accepted(limits);
        Counters.Accepted++;
        Counters.Resumed += packet.SessionPresent ? 1 : 0;
        _client.Publisher?.Accepted(limits);
        if (_client is { Subscriber: not null, Subscribes: true } && !packet.SessionPresent)
        {
            _mustSubscribe = true;
        }
        else
        {
            BecomeReady();
        }
    }

    public void OnSubscribed(ReasonCode reason)
    {
        if (reason >= ReasonCode.UnspecifiedError)
        {
            _loop.Run.Fail(new RunFailure(FailureKind.SubscribeRefused, reason));
            return;
        }

        BecomeReady();
    }

    public void OnDelivery(scoped in PublishPacket packet, in IncomingToken token)
    {
        if (token.Qos != QualityOfService.AtMostOnce)
        {
            _loop.Arrivals.Add(token);
        }

        if (_client.Subscriber is not { } subscriber || !MessageHeader.TryRead(packet.Payload, out MessageHeader header))
        {
            Counters.Foreign++;
            return;
        }

        if (subscriber.IsResponder)
        {
            _loop.Run.Requests?.Answer(_client, packet, header, _loop);
            return;
        }

        if (_loop.Run.Requests is { } requests && !requests.IsAnswer(packet, header))
        {
            Counters.Foreign++;
            return;
        }

        Count(subscriber.Check.Check(header, out long missing), header, packet.Payload.Length, missing);
    }

    public void OnCompleted(OutgoingMessage message, ReasonCode reason)
    {
        long? intended = _client.Publisher?.Acknowledged(message);
        if (reason >= ReasonCode.UnspecifiedError)
        {
            _loop.Run.Fail(new RunFailure(FailureKind.PublishRefused, reason));
            return;
        }

        if (_client.Publisher is null)
        {
            return;
        }

        Counters.Acknowledged++;
        Counters.LastSend = _loop.Stamp;
        if (intended >= _loop.Run.MeasureFrom)
        {
            _loop.Metrics[Measure.Acknowledgement].Record(_loop.Stamp - intended.Value);
        }
    }

    public void OnOutcomeUnknown() => _loop.Run.Fail(new RunFailure(FailureKind.Lost, ReasonCode.UnspecifiedError));

    public void OnEnded(in ClientEnd end)
    {
        if (!_isOwnEnd)
        {
            _loop.Run.Fail(RunFailure.Of(end));
        }

        IsReady = false;
    }

    private void Count(Arrival arrival, in MessageHeader header, int payloadBytes, long missing)
    {
        LoopCounters counters = Counters;
        counters.Missing += missing;
        if (arrival == Arrival.Duplicate)
        {
            counters.Duplicates++;
            return;
        }

        if (arrival == Arrival.Foreign)
        {
            counters.Foreign++;
            return;
        }

        counters.Reordered += arrival == Arrival.Late ? 1 : 0;
        counters.Delivered++;
        counters.DeliveredBytes += payloadBytes;
        counters.LastArrival = _loop.Stamp;
        _hasArrived = true;
        _client.Publisher?.Answered();
        if (header.Intended >= _loop.Run.MeasureFrom)
        {
            _loop.Metrics[Measure.Delivery].Record(_loop.Stamp - header.Intended);
        }
    }

    private void Subscribe(in Instant now)
    {
        if (_client.Subscriber is { } subscriber && !subscriber.TrySubscribe(_connection, _loop.Run.Settings.Version, now))
        {
            _loop.Run.Fail(new RunFailure(FailureKind.SubscribeRefused, ReasonCode.PacketTooLarge));
        }
    }

    private void BecomeReady()
    {
        IsReady = true;
        Counters.Ready++;
    }

    // One message there and back, then good-bye.
    private void Cycle(in Instant now)
    {
        if (_client.Publisher is not { } publisher)
        {
            return;
        }

        if (!_hasPublished)
        {
            _hasPublished = true;
            publisher.Send(1, _loop.Stamp, _loop, now);
            Counters.Sent++;
        }
        else if (_hasArrived && _client.Session.IsIdle)
        {
            _loop.Metrics[Measure.Cycle].Record(_loop.Stamp - _client.OpenIntended);
            Counters.Cycles++;
            Disconnect();
        }
    }
}
