using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Starling.Client.Core;
using Starling.Client.Core.Payloads;
using Starling.Client.Core.Requests;
using Starling.Client.Outboxes;
using Starling.Client.Telemetry;
using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Client;

/// <inheritdoc cref="IMqttClient"/>
public sealed class MqttClient : IMqttClient
{
    private readonly MqttClientOptions _options;
    private readonly ILogger _logger;
    private readonly EventDispatcher _events;
    private readonly Outbox _outbox;
    private readonly OutboxStore? _store;
    private readonly ClientCore _core;
    private readonly ClientTelemetry _telemetry;
    private readonly TracedPublisher _publisher;
    private readonly ITransportConnector _connector;
    private readonly Supervisor _supervisor;
    private readonly ConnectionLife _life;
    private readonly PayloadCodec _codec;
    private readonly Subscriber _subscriber;
    private readonly Requester _requester;

    /// <summary>Makes a client that is not connected.</summary>
    /// <param name="options">Checked, then copied: later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is not allowed; the message names it.</exception>
    public MqttClient(MqttClientOptions options)
        : this(options, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)))
    {
    }

    internal MqttClient(MqttClientOptions options, Random random)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidator.Validate(options);
        _options = options.Copy();
        _logger = _options.LoggerFactory?.CreateLogger<MqttClient>() ?? NullLogger<MqttClient>.Instance;
        _telemetry = new ClientTelemetry(_options.MeterFactory, _options.TimeProvider, new TelemetryGauges
        {
            State = () => State,
            Inflight = CountInflight,
            Outbox = () => Outbox,
            HeldAcknowledgements = CountHeld,
        });
        _events = new EventDispatcher(
            _logger,
            change => ConnectionChanged?.Invoke(this, change),
            drop =>
            {
                _telemetry.Dropped(drop.Reason, drop.Messages);
                MessageDropped?.Invoke(this, drop);
            });
        SettingsBuilder settings = new(_options, RandomNumberGenerator.GetHexString(20, lowercase: true));
        _outbox = new Outbox(_options.Outbox, _events);
        Mailbox mailbox = new();
        ClientSession session = new(settings.MayResume);
        _core = new ClientCore(session, mailbox, new BatchWriter(mailbox, _events), _events)
        {
            Outgoing = new OutgoingMessages(session, _options.TimeProvider),
            Challenges = new ChallengeAnswerer(mailbox, _options.Authentication),
            Logger = _logger,
            Telemetry = _telemetry,
        };
        _life = new ConnectionLife(_core, _outbox, _telemetry, _events, _logger);
        _store = OutboxStore.Create(_options, _outbox, _core, _logger);
        Publisher publisher = new(_core, _outbox, _store, _options.TimeProvider);
        _publisher = new TracedPublisher(publisher, _telemetry, () => Server?.Version ?? _options.Version);
        _codec = new PayloadCodec(_options.Serializers);
        _subscriber = new Subscriber(_core, _events, _options, _codec);
        _requester = new Requester(this, _core, _codec, _options.TimeProvider, new CorrelationIds(BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)))));
        _connector = _options.Transport ?? new NetworkConnector(_options);
        _supervisor = new Supervisor(new SupervisorParts
        {
            Options = _options,
            Core = _core,
            Connector = _connector,
            Settings = settings,
            Random = random,
            Logger = _logger,
            ChangeState = _life.Change,
            Connected = _life.OnConnected,
            GiveUp = _life.OnGivenUp,
        });
    }

    /// <inheritdoc/>
    public event EventHandler<ConnectionEvent>? ConnectionChanged;

    /// <inheritdoc/>
    public event EventHandler<DropEvent>? MessageDropped;

    /// <inheritdoc/>
    public ConnectionState State => _life.State;

    /// <inheritdoc/>
    public ServerInfo? Server => _life.Server;

    /// <inheritdoc/>
    public OutboxInfo Outbox => _outbox.Look();

    /// <summary>Its metrics and traces.</summary>
    internal ClientTelemetry Telemetry => _telemetry;

    /// <summary>Requests that wait for their replies.</summary>
    internal int WaitingRequests => _requester.WaitingRequests;

    /// <summary>Connects a new client to an address as <see cref="MqttClientOptions.Parse"/> reads it.</summary>
    public static ValueTask<MqttClient> ConnectAsync(string uri, CancellationToken ct = default) =>
        ConnectAsync(MqttClientOptions.Parse(uri), ct);

    /// <summary>Connects a new client; it is disposed when that fails.</summary>
    public static async ValueTask<MqttClient> ConnectAsync(MqttClientOptions options, CancellationToken ct = default)
    {
        MqttClient client = new(options);
        try
        {
            await client.ConnectAsync(ct).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ServerInfo> ConnectAsync(CancellationToken ct = default)
    {
        _life.ThrowIfDisposed();
        if (_store is not null)
        {
            // What an earlier process left belongs to the session before a server says whether it has one.
            await _store.OpenAsync().WaitAsync(ct).ConfigureAwait(false);
        }

        return await _life.ConnectAsync(_supervisor, _connector, ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisconnectAsync(DisconnectOptions? options = null, CancellationToken ct = default)
    {
        DisconnectOptions farewell = options ?? new DisconnectOptions();
        CallerCodes.CheckDisconnect(farewell.Reason, nameof(options));
        if (farewell.SessionExpiry > TimeSpan.Zero && !_options.KeepsSession)
        {
            throw new ArgumentException("A session that ends with its connection cannot be kept after all [U5-15].", nameof(options));
        }

        if (_core.Live is not null && _supervisor.Current is { } attempt)
        {
            _core.Mailbox.Post(now => _core.Disconnect(farewell, now));
            await attempt.Closed.WaitAsync(_options.ShutdownTimeout, _options.TimeProvider, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _life.StopAsync().ConfigureAwait(false);
        ct.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public ValueTask<PublishResult> PublishAsync(MqttMessage message, CancellationToken ct = default) => PublishAsync(message, refusalThrows: true, ct);

    /// <inheritdoc/>
    public ValueTask<PublishResult> PublishAsync<T>(string topic, T payload, PublishOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return PublishAsync(_codec.Write(topic, payload, options ?? new PublishOptions()), ct);
    }

    /// <inheritdoc/>
    public ValueTask<PublishResult> TryPublishAsync(MqttMessage message, CancellationToken ct = default) =>
        PublishAsync(message, refusalThrows: false, ct);

    /// <inheritdoc/>
    public ValueTask<OutboxTicket> EnqueueAsync(MqttMessage message, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Qos == QualityOfService.AtMostOnce)
        {
            throw new ArgumentException("A QoS 0 message is not kept, so it cannot be enqueued; use QoS 1 or 2, or PublishAsync.", nameof(message));
        }

        ct.ThrowIfCancellationRequested();
        _life.ThrowIfOver();
        return _publisher.EnqueueAsync(message, ct);
    }

    /// <inheritdoc/>
    public MqttSubscription Subscribe(TopicFilter filter, SubscribeOptions? options = null)
    {
        _life.ThrowIfOver();
        return _subscriber.Subscribe(filter, options ?? new SubscribeOptions());
    }

    /// <inheritdoc/>
    public MqttSubscription<T> Subscribe<T>(TopicFilter filter, SubscribeOptions? options = null)
    {
        _life.ThrowIfOver();
        return _subscriber.Subscribe<T>(filter, options ?? new SubscribeOptions());
    }

    /// <inheritdoc/>
    public async ValueTask<MqttSubscription> SubscribeAsync(
        TopicFilter filter, SubscribeOptions? options = null, CancellationToken ct = default)
    {
        MqttSubscription subscription = Subscribe(filter, options);
        await Subscriber.WhenReadyAsync(subscription, ct).ConfigureAwait(false);
        return subscription;
    }

    /// <inheritdoc/>
    public async ValueTask<MqttSubscription<T>> SubscribeAsync<T>(
        TopicFilter filter, SubscribeOptions? options = null, CancellationToken ct = default)
    {
        MqttSubscription<T> subscription = Subscribe<T>(filter, options);
        await Subscriber.WhenReadyAsync(subscription.Untyped, ct).ConfigureAwait(false);
        return subscription;
    }

    /// <inheritdoc/>
    public ValueTask<MqttDelivery<TReply>> RequestAsync<TRequest, TReply>(
        string topic, TRequest request, RequestOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        RequestOptions checkedOptions = (options ?? new RequestOptions()).Checked();
        ct.ThrowIfCancellationRequested();
        _life.ThrowIfOver();
        return _requester.RequestAsync<TRequest, TReply>(topic, request, checkedOptions, ct);
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> RespondAsync<TRequest, TReply>(
        TopicFilter filter,
        Func<MqttDelivery<TRequest>, CancellationToken, ValueTask<TReply>> handler,
        RespondOptions? options = null,
        CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        RespondOptions checkedOptions = (options ?? new RespondOptions()).Checked();
        _codec.Require<TReply>();
        SubscribeOptions subscribe = new() { ShareGroup = checkedOptions.ShareGroup, Retained = RetainHandling.DoNotSend };
        MqttSubscription<TRequest> subscription = await SubscribeAsync<TRequest>(filter, subscribe, ct).ConfigureAwait(false);
        if (Server is { Version: not MqttVersion.V5 } server)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            Requester.RequireV5(server);
        }

        Responder<TRequest, TReply> responder = new(this, subscription, handler, new ResponderParts(checkedOptions, _codec, _logger));
        responder.Start();
        return responder;
    }

    /// <inheritdoc/>
    public async ValueTask ReauthenticateAsync(CancellationToken ct = default)
    {
        IEnhancedAuthentication method = _options.Authentication
            ?? throw new InvalidOperationException("The options have no Authentication.");
        _life.ThrowIfOver();
        ReadOnlyMemory<byte> data = MqttText.CheckBinary(await method.StartAsync(ct).ConfigureAwait(false), "data");
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _core.Mailbox.Post(now => _core.Reauthenticate(data, done, now));
        await done.Task.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>
    /// Waits for open exchanges up to the shutdown time-out if connected, says DISCONNECT, and ends everything. Publishes that were not
    /// acknowledged fail with <see cref="MqttNotConnectedException"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!_life.TryEnd())
        {
            return;
        }

        if (_core.Live is not null)
        {
            await _outbox.WhenEmpty().WaitAsync(_options.ShutdownTimeout, _options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await DisconnectAsync().ConfigureAwait(false);
        _life.Change(new ConnectionEvent(ConnectionState.Closed, false, null, null));

        // From here on no loop runs, so this thread may end what the loop owned.
        await _connector.DisposeAsync().ConfigureAwait(false);
        MqttNotConnectedException cause = new("The client was disposed.", isTransient: false);
        _outbox.Fail(cause);
        _core.End(cause);
        if (_store is not null)
        {
            await _store.DisposeAsync().ConfigureAwait(false);

            // Those whose storing was under way have a caller too.
            _core.End(cause);
        }

        _life.Dispose();
        _telemetry.Dispose();
    }

    private int CountInflight() => _core.Session.OpenMessages;

    private int CountHeld() => _core.HeldAcknowledgements;

    private ValueTask<PublishResult> PublishAsync(MqttMessage message, bool refusalThrows, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(message);
        ct.ThrowIfCancellationRequested();
        _life.ThrowIfOver();
        return _publisher.PublishAsync(message, refusalThrows, ct);
    }
}
