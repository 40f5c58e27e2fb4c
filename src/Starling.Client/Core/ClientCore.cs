using Microsoft.Extensions.Logging;
using Starling.Client.Telemetry;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Loops;

namespace Starling.Client.Core;

/// <summary>
/// The client on its loop: one connection at a time, the session, the subscriptions. All members run on the loop's thread unless they
/// say otherwise.
/// </summary>
internal sealed class ClientCore(ClientSession session, Mailbox mailbox, BatchWriter batches, EventDispatcher events) : IPacedLoopClient
{
    // Many letters and messages in one turn of the loop: what follows comes soon, and is cheaper together than one by one.
    private const int ManyHandled = 8;
    private static readonly LoopRest Gathering = new(50_000, long.MaxValue);

    private readonly MessageRouter _router = new(mailbox, events);
    private readonly ReadingBrake _brake = new();
    private ConnectAttempt? _expected;
    private ClientLink? _link;
    private LiveLink? _live;
    private TaskCompletionSource? _reauthentication;
    private long _generation;
    private MqttException? _givenUp;
    private bool _mustSubscribe;
    private int _handled;

    public Mailbox Mailbox => mailbox;

    public ClientSession Session => session;

    /// <summary>What is on its way to the server.</summary>
    public required OutgoingMessages Outgoing { get; init; }

    /// <summary>For what is looked at on the loop.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Metrics and traces.</summary>
    public required ClientTelemetry Telemetry { get; init; }

    /// <summary>Acknowledgements that wait for that of an earlier message. Any thread; a moment old at worst.</summary>
    public int HeldAcknowledgements => Live is null ? 0 : _link?.HeldAcknowledgements ?? 0;

    /// <summary>Answers challenges of an enhanced authentication.</summary>
    public required ChallengeAnswerer Challenges { get; init; }

    /// <summary>The connection that is up; null when there is none. Any thread.</summary>
    public LiveLink? Live => Volatile.Read(ref _live);

    public bool HasMail => Mailbox.HasMail;

    /// <summary>How much room the subscriptions' buffers leave. Any thread; a moment old at worst.</summary>
    public OwnerRoom Room => _brake.Room;

    private SubscriptionRegistry Registry => _router.Registry;

    /// <summary>Says for which attempt the next connection is. Any thread, before the connection is opened.</summary>
    public void Expect(ConnectAttempt attempt) => Volatile.Write(ref _expected, attempt);

    /// <summary>The attempt took too long. Any thread.</summary>
    public void GiveUp(ConnectAttempt attempt)
    {
        if (Interlocked.CompareExchange(ref _expected, null, attempt) != attempt)
        {
            // The next attempt may have its connection by then.
            Mailbox.Post(_ => attempt.Link?.Abort());
        }
    }

    public void Start(ILoop loop, in Instant now) => mailbox.Start(loop);

    public IConnectionInput Attach(IConnectionOutput output, in ConnectionDetails details, in Instant now)
    {
        ConnectAttempt? attempt = Interlocked.Exchange(ref _expected, null);
        if (attempt is null)
        {
            output.Abort();
            return new UnwantedConnection();
        }

        _link = new ClientLink(this, attempt, output);
        attempt.Link = _link;
        _link.Start();
        return _link;
    }

    public LoopRest NextRest()
    {
        bool isBusy = _handled >= ManyHandled;
        _handled = 0;
        return isBusy ? Gathering : LoopRest.UntilDeadline;
    }

    public void ReadMailboxes(in Instant now)
    {
        List<Letter> letters = Mailbox.TakeAll();
        _handled += letters.Count;
        foreach (Letter letter in letters)
        {
            switch (letter.Content)
            {
                case OutgoingMessage message:
                    Outgoing.Add(message, now);
                    break;
                case PublishCall received:
                    Release(received.Message, now);
                    break;
                case EncodedBatch batch:
                    batches.Add(batch);
                    break;
                case Action<Instant> action:
                    action(now);
                    break;
                default:
                    _link?.Acknowledge(letter.Token, letter.Reason, letter.Content as byte[], now);
                    break;
            }
        }

        Send(now);
    }

    public long Advance(in Instant now)
    {
        while (_router.Held.TakeOverdue(now.MonotonicMilliseconds) is { } arrival)
        {
            // What nobody wants is acknowledged all the same [MQTT-4.5.0-2].
            _link?.Acknowledge(arrival.Token, ReasonCode.Success, null, now);
            events.Dropped(DropReason.NoSubscription, null, 1);
        }

        Outgoing.Advance(now);
        _link?.Advance(now);
        return Math.Min(Math.Min(_link?.Deadline ?? long.MaxValue, _router.Held.Deadline), Outgoing.Deadline);
    }

    /// <summary>Sends what waits, as far as the output has room.</summary>
    public void Send(in Instant now)
    {
        batches.Write(_link, _live, isAll: false, now);
        _link?.SendWaiting(now);
    }

    /// <summary>After received bytes: effects must not call back, so what they asked for is done now.</summary>
    public void AfterInput(in Instant now)
    {
        if (_mustSubscribe && _link is { IsConnected: true } link)
        {
            _mustSubscribe = false;
            SubscriptionRequests.SendAll(Registry, link, now);
        }

        UpdateReading(now);
    }

    public void Subscribe(MqttSubscription subscription, in Instant now)
    {
        if (_givenUp is { } cause)
        {
            subscription.Fail(cause);
            return;
        }

        RegisteredSubscription registered = Registry.Add(subscription);
        _router.DeliverHeld(registered);
        if (_link is { IsConnected: true } link)
        {
            SubscriptionRequests.Send(Registry, link, registered, now);
        }
    }

    /// <summary>Ends a subscription. What it has not handed out is not wanted any more.</summary>
    public void Unsubscribe(MqttSubscription subscription, UnsubscribeCall call, in Instant now)
    {
        Discard(subscription);
        if (Registry.Find(subscription) is not { } registered)
        {
            call.Complete();
            return;
        }

        bool isNeeded = Registry.IsShared(subscription);
        Registry.Remove(registered);
        UpdateReading(now);
        if (isNeeded)
        {
            call.Complete();
            return;
        }

        Registry.Add(call);
        if (_link is { IsConnected: true } link)
        {
            SubscriptionRequests.Send(Registry, link, call, now);
        }
    }

    /// <summary>A subscription's buffer has room again.</summary>
    public void UpdateReading(in Instant now) => _brake.Update(Registry, _link, now);

    /// <summary>A request begins, whose reply has to be read even if it was sent by the reader of a full buffer. Any thread.</summary>
    public void BeginRequest()
    {
        if (_brake.BeginRequest())
        {
            Mailbox.Post(now => UpdateReading(now));
        }
    }

    /// <summary>A request is over. Any thread.</summary>
    public void EndRequest() => _brake.EndRequest();

    public void Reauthenticate(ReadOnlyMemory<byte> data, TaskCompletionSource done, in Instant now)
    {
        if (_link is not { IsConnected: true } link)
        {
            done.TrySetException(new MqttNotConnectedException("There is no connection to re-authenticate.", isTransient: true));
            return;
        }

        if (_reauthentication is not null)
        {
            // A second AUTH 0x19 before the end of the first would leave its caller without an answer.
            done.TrySetException(new InvalidOperationException("A re-authentication is under way; wait for its end."));
            return;
        }

        if (!link.Reauthenticate(data.Span, now))
        {
            done.TrySetException(new MqttRejectedException(PacketType.Auth, ReasonCode.PacketTooLarge, null));
            return;
        }

        _reauthentication = done;
    }

    /// <summary>Writes all that was posted before, then DISCONNECT.</summary>
    public void Disconnect(DisconnectOptions options, in Instant now)
    {
        batches.Write(_link, _live, isAll: true, now);
        _link?.Disconnect(options.Reason, options.SessionExpiry is { } expiry ? MessageEncoder.Seconds(expiry) : null);
    }

    /// <summary>The client connects again after it had given up.</summary>
    public void BeginAnew()
    {
        _givenUp = null;
        Outgoing.BeginAnew();
    }

    /// <summary>The client has given up: nobody waits any longer, those included who publish or subscribe at this moment.</summary>
    public void FailAll(MqttException cause)
    {
        _givenUp = cause;
        Outgoing.FailAll(cause);
        foreach (RegisteredSubscription registered in Registry.All)
        {
            registered.Subscription.Fail(cause);
        }

        foreach (UnsubscribeCall call in Registry.Unsubscribes)
        {
            call.Fail(cause);
        }

        Registry.Clear();
    }

    /// <summary>The client is disposed, and no loop runs any more.</summary>
    public void End(MqttException cause)
    {
        ReadMailboxes(default);
        foreach (RegisteredSubscription registered in Registry.All)
        {
            registered.Subscription.End();
        }

        FailAll(cause);
    }

    public void OnAccepted(ClientLink link, ServerInfo server, in ServerLimits limits)
    {
        if (server.SessionPresent)
        {
            foreach (RegisteredSubscription registered in Registry.All)
            {
                registered.Subscription.Queue.RemoveRepeated();
            }
        }
        else
        {
            Registry.ForgetSession();
        }

        _router.Held.Forget(server.SessionPresent);
        _mustSubscribe = true;
        Volatile.Write(ref _live, new LiveLink(++_generation, limits, link.Attempt.Settings.UsesTopicAliases));
        link.Attempt.Accept(server);
    }

    public void OnDelivery(in Arrival arrival, in Instant now)
    {
        _handled++;
        _router.Deliver(arrival, now);
    }

    public void OnSubscribed(RegisteredSubscription registered, ReasonCode reason, string? reasonString)
    {
        Registry.Answered(registered, reason, reasonString);
        if (reason >= ReasonCode.UnspecifiedError)
        {
            Discard(registered.Subscription);
        }
    }

    public void OnUnsubscribed(UnsubscribeCall call, ReasonCode reason, string? reasonString) => Registry.Answered(call, reason, reasonString);

    public void OnReauthenticated()
    {
        _reauthentication?.TrySetResult();
        _reauthentication = null;
    }

    public void OnEnded(ClientLink link, LinkEnd end)
    {
        link.Attempt.End(end);
        if (link != _link)
        {
            return;
        }

        Volatile.Write(ref _live, null);
        _brake.Reset();
        batches.GiveUp();
        _reauthentication?.TrySetException(
            end.Cause ?? new MqttNotConnectedException("The connection ended before the re-authentication.", isTransient: true));
        _reauthentication = null;
    }

    // What a subscription that is over has not handed out must not hold back the acknowledgements of others.
    private void Discard(MqttSubscription subscription)
    {
        List<MqttDelivery> unread = subscription.Queue.TakeAll();
        unread.ForEach(static delivery => delivery.Take(ReasonCode.Success));
        events.Dropped(DropReason.SubscriptionDisposed, subscription, unread.Count);
    }

    private void Release(OutgoingMessage message, in Instant now)
    {
        if (_link is { IsConnected: true } link)
        {
            link.Release(message, now);
        }
        else
        {
            message.AllowRelease();
        }
    }
}
