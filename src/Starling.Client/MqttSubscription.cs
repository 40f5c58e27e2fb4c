using System.Text;
using Starling.Client.Core;
using Starling.Client.Core.Processing;
using Starling.Client.Telemetry;
using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Client;

/// <summary>
/// The messages of one Topic Filter. It survives reconnects; disposing it unsubscribes. It has one enumerator at a time;
/// <see cref="ReadAsync"/> may be called by many.
/// </summary>
public sealed class MqttSubscription : IAsyncEnumerable<MqttDelivery>, IAsyncDisposable
{
    private readonly ClientCore _core;
    private readonly EventDispatcher _events;
    private readonly TimeSpan _shutdownTimeout;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<QualityOfService> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _begun;
    private long _dropped;
    private int _isEnumerated;
    private int _isDisposed;

    internal MqttSubscription(
        ClientCore core, EventDispatcher events, TopicFilter filter, SubscribeOptions options, MqttClientOptions clientOptions)
    {
        _core = core;
        _events = events;
        CreateDelivery = (arrival, acknowledgement) => new MqttDelivery(arrival, acknowledgement, filter);
        _shutdownTimeout = clientOptions.ShutdownTimeout;
        _time = clientOptions.TimeProvider;
        _begun = core.Telemetry.Now;
        Filter = filter;
        Options = options;
        WireFilter = options.ShareGroup is null ? filter.Bytes : Encoding.UTF8.GetBytes($"$share/{options.ShareGroup}/{filter.Value}");
        Queue = new DeliveryQueue(options.Buffer, options.Overflow);
    }

    /// <summary>The Topic Filter, without the share name of the options.</summary>
    public TopicFilter Filter { get; }

    /// <summary>Done when SUBACK has granted it, with the granted QoS; faults when it was refused or the client gave up.</summary>
    public Task<QualityOfService> Ready => _ready.Task;

    /// <summary>How many QoS 0 messages were dropped because the buffer was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    internal SubscribeOptions Options { get; }

    internal byte[] WireFilter { get; }

    internal DeliveryQueue Queue { get; }

    /// <summary>Makes what is handed out. The loop's thread.</summary>
    internal Func<Arrival, PendingAcknowledgement?, MqttDelivery> CreateDelivery { get; init; }

    /// <summary>Takes the next message, waiting for one. With <see cref="AckMode.AfterBody"/> the caller acknowledges it.</summary>
    /// <exception cref="MqttNotConnectedException">The subscription or its client was disposed.</exception>
    /// <exception cref="MqttException">The subscription was refused, or the client gave up.</exception>
    public async ValueTask<MqttDelivery> ReadAsync(CancellationToken ct = default) =>
        await TakeAsync(ct).ConfigureAwait(false)
        ?? throw new MqttNotConnectedException("The subscription is over.", isTransient: false);

    /// <summary>
    /// Goes from message to message, and ends when the subscription or its client is disposed. See <see cref="AckMode"/> for when they
    /// are acknowledged.
    /// </summary>
    /// <exception cref="MqttException">The subscription was refused, or the client gave up.</exception>
    public async IAsyncEnumerator<MqttDelivery> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        BeginEnumeration();
        MqttDelivery? current = null;
        try
        {
            while (await TakeAsync(cancellationToken).ConfigureAwait(false) is { } delivery)
            {
                current = delivery;
                delivery.Trace?.Begin();
                yield return delivery;
                if (Options.Ack == AckMode.AfterBody)
                {
                    delivery.Take(ReasonCode.Success);
                }

                delivery.Trace?.End(null);
            }
        }
        finally
        {
            // A body that was left by break or by an exception ends its span too.
            current?.Trace?.End(null);
            Volatile.Write(ref _isEnumerated, 0);
        }
    }

    /// <summary>
    /// Calls a handler for each message, on the thread pool, until the subscription or its client is disposed. A handler may publish, subscribe
    /// and request. With <see cref="AckMode.AfterBody"/> a message is acknowledged when its handler has ended. A handler that throws never ends
    /// the others: see <see cref="ProcessOptions.OnFailure"/>. This counts as the one enumerator.
    /// </summary>
    /// <param name="handler">Told by its token when to break off; then its message stays unacknowledged.</param>
    /// <param name="options">How many at a time, and in which order.</param>
    /// <param name="ct">
    /// Stops: the handlers that run are waited for, messages that none has begun with go back into the buffer, where they
    /// can be read even when the client gave up meanwhile.
    /// </param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="MqttException">The subscription was refused, or the client gave up.</exception>
    public async Task ProcessAsync(
        Func<MqttDelivery, CancellationToken, ValueTask> handler, ProcessOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ProcessOptions checkedOptions = (options ?? new ProcessOptions()).Checked();
        HandlerRunner runner = new(this, handler, checkedOptions, _events);
        BeginEnumeration();
        try
        {
            if (checkedOptions.MaxConcurrency > 1)
            {
                await new ConcurrentRun(this, runner, checkedOptions, ct).RunAsync().ConfigureAwait(false);
                return;
            }

            while (await TakeAsync(ct).ConfigureAwait(false) is { } delivery)
            {
                await runner.RunAsync(delivery, ct).ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _isEnumerated, 0);
        }
    }

    /// <summary>
    /// Unsubscribes, and waits for the answer if there is a connection. Messages that were not read are acknowledged and counted as
    /// dropped.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        Queue.Abandon();
        _ready.TrySetCanceled();
        UnsubscribeCall call = new(this);
        _core.Mailbox.Post(now => _core.Unsubscribe(this, call, now));
        if (_core.Live is not null)
        {
            // A refusal or a lost connection changes nothing for a caller who does not want it any more.
            await call.Answered.WaitAsync(_shutdownTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _ = call.Answered.Exception;
        }
    }

    internal void Grant(QualityOfService qos)
    {
        if (_ready.TrySetResult(qos))
        {
            _core.Telemetry.Subscribed(this, _begun, null);
        }
    }

    internal void Fail(MqttException cause)
    {
        if (_ready.TrySetException(cause))
        {
            // Whoever does not look at Ready sees the cause where messages are read.
            _ = _ready.Task.Exception;
            _core.Telemetry.Subscribed(this, _begun, cause);
        }

        Queue.Complete(cause);
    }

    internal void End()
    {
        _ready.TrySetCanceled();
        Queue.Complete(null);
    }

    internal void CountDropped(int messages) => Interlocked.Add(ref _dropped, messages);

    /// <summary>
    /// Puts back what was taken and not handled. Only who disposes of the subscription does not want it any more: after the client gave up,
    /// the server still has it.
    /// </summary>
    internal void PutBack(List<MqttDelivery> deliveries)
    {
        if (!Queue.PutBack(deliveries))
        {
            deliveries.ForEach(static delivery => delivery.Take(ReasonCode.Success));
            _events.Dropped(DropReason.SubscriptionDisposed, this, deliveries.Count);
        }
    }

    /// <summary>Takes the next one; null when the subscription or its client is disposed.</summary>
    internal async ValueTask<MqttDelivery?> TakeAsync(CancellationToken ct)
    {
        MqttDelivery? delivery = await Queue.ReadAsync(ct).ConfigureAwait(false);
        if (delivery is not null && _core.Telemetry.IsDeliveryOn)
        {
            delivery.Trace ??= new DeliveryTrace(_core.Telemetry, this, delivery.Message);
        }

        if (Options.Ack == AckMode.OnDelivery)
        {
            delivery?.Take(ReasonCode.Success);
        }

        if (Options.Overflow == Overflow.Wait && _core.Room is not OwnerRoom.Free and OwnerRoom room && room > Queue.Room)
        {
            _core.Mailbox.Post(now => _core.UpdateReading(now));
        }

        return delivery;
    }

    private void BeginEnumeration()
    {
        if (Interlocked.Exchange(ref _isEnumerated, 1) != 0)
        {
            throw new InvalidOperationException("A subscription has one enumerator at a time, and ProcessAsync is one.");
        }
    }
}
