namespace Starling.Client;

/// <summary>An MQTT client that stays connected. Every member is thread-safe, and callable from wherever messages are handled.</summary>
public interface IMqttClient : IAsyncDisposable
{
    /// <summary>What the client is doing.</summary>
    ConnectionState State { get; }

    /// <summary>What the server said in the latest CONNACK; null before the first one.</summary>
    ServerInfo? Server { get; }

    /// <summary>What is in the outbox now.</summary>
    OutboxInfo Outbox { get; }

    /// <summary>
    /// Connects, and stays connected from then on. Does nothing when connected. Cancelling gives up only the waiting when a connection
    /// was up before.
    /// </summary>
    /// <exception cref="MqttConnectException">No server could be reached.</exception>
    /// <exception cref="MqttOutboxException">The file of the outbox cannot be opened.</exception>
    /// <exception cref="MqttRejectedException">The server refused.</exception>
    ValueTask<ServerInfo> ConnectAsync(CancellationToken ct = default);

    /// <summary>Sends what was published before, says DISCONNECT, and stays disconnected until the next <see cref="ConnectAsync"/>.</summary>
    ValueTask DisconnectAsync(DisconnectOptions? options = null, CancellationToken ct = default);

    /// <summary>
    /// Publishes. QoS 0: returns when the packet is in the stream to the server. QoS 1 and 2: returns when the server has acknowledged,
    /// however many connections that takes; cancelled after it was sent, it may still arrive.
    /// </summary>
    /// <exception cref="ArgumentException">The message breaks a rule of MQTT.</exception>
    /// <exception cref="MqttRejectedException">The server refused, or its limits forbid the message.</exception>
    /// <exception cref="MqttNotConnectedException">QoS 0 without a connection; or the client has given up.</exception>
    /// <exception cref="MqttMessageExpiredException">Its Message Expiry Interval was over before it could be sent.</exception>
    /// <exception cref="MqttOutboxException">The file of the outbox cannot be used.</exception>
    /// <exception cref="MqttSessionLostException">The outcome of a QoS 2 message cannot be known any more.</exception>
    ValueTask<PublishResult> PublishAsync(MqttMessage message, CancellationToken ct = default);

    /// <summary>
    /// Publishes a value: bytes and texts as they are, numbers as text, other types by a serializer of the options. As
    /// <see cref="PublishAsync(MqttMessage, CancellationToken)"/> in everything else.
    /// </summary>
    /// <exception cref="MqttSerializationException">Nobody writes this type, or its serializer failed.</exception>
    ValueTask<PublishResult> PublishAsync<T>(string topic, T payload, PublishOptions? options = null, CancellationToken ct = default);

    /// <summary>As <see cref="PublishAsync(MqttMessage, CancellationToken)"/>, but a refusal is a result.</summary>
    ValueTask<PublishResult> TryPublishAsync(MqttMessage message, CancellationToken ct = default);

    /// <summary>
    /// Puts a message of QoS 1 or 2 into the outbox; returns when it is stored there, with a file on the disk. It is sent when a
    /// connection allows. Cancelling takes it back while it is not stored.
    /// </summary>
    /// <exception cref="ArgumentException">The message breaks a rule of MQTT, or is of QoS 0, which nothing keeps.</exception>
    /// <exception cref="MqttOutboxFullException">There is no room, and the options say not to wait; or the disk is full.</exception>
    /// <exception cref="MqttOutboxException">The file cannot be used.</exception>
    ValueTask<OutboxTicket> EnqueueAsync(MqttMessage message, CancellationToken ct = default);

    /// <summary>
    /// Subscribes in the background; legal before connecting, so that no message of a continued session is missed.
    /// <see cref="MqttSubscription.Ready"/> tells of the answer.
    /// </summary>
    MqttSubscription Subscribe(TopicFilter filter, SubscribeOptions? options = null);

    /// <summary>As <see cref="Subscribe(TopicFilter, SubscribeOptions)"/>, with payloads of a type.</summary>
    /// <exception cref="MqttSerializationException">Nobody reads this type.</exception>
    MqttSubscription<T> Subscribe<T>(TopicFilter filter, SubscribeOptions? options = null);

    /// <summary>Subscribes; returns when the server has granted it.</summary>
    /// <exception cref="MqttRejectedException">The server refused.</exception>
    ValueTask<MqttSubscription> SubscribeAsync(TopicFilter filter, SubscribeOptions? options = null, CancellationToken ct = default);

    /// <summary>As <see cref="SubscribeAsync(TopicFilter, SubscribeOptions, CancellationToken)"/>, with payloads of a type.</summary>
    /// <exception cref="MqttSerializationException">Nobody reads this type.</exception>
    /// <exception cref="MqttRejectedException">The server refused.</exception>
    ValueTask<MqttSubscription<T>> SubscribeAsync<T>(TopicFilter filter, SubscribeOptions? options = null, CancellationToken ct = default);

    /// <summary>
    /// Publishes a request and waits for its reply. 5.0 only. All replies come through one subscription, to the Response Information of the
    /// server or else reply/CLIENTID, which the first request makes.
    /// </summary>
    /// <exception cref="MqttNoResponderException">The server said at once that nobody is subscribed to the topic.</exception>
    /// <exception cref="MqttRequestFailedException">The responder said that its handler failed.</exception>
    /// <exception cref="TimeoutException">No reply came in time.</exception>
    /// <exception cref="NotSupportedException">The connection speaks 3.x.</exception>
    /// <exception cref="MqttNotConnectedException">The client has never been connected.</exception>
    /// <exception cref="MqttRejectedException">The server refused the request, or the subscription to the replies.</exception>
    /// <exception cref="MqttSerializationException">Nobody writes or reads one of the types.</exception>
    ValueTask<MqttDelivery<TReply>> RequestAsync<TRequest, TReply>(
        string topic, TRequest request, RequestOptions? options = null, CancellationToken ct = default);

    /// <summary>
    /// Answers requests until the result is disposed, which waits for the handlers that run, unless one of them disposes it, and answers as failed what none
    /// has begun with. 5.0 only. A request is acknowledged when its reply is. A handler that throws is logged, and the requester learns that it failed; a request without Response Topic is refused with 0x83.
    /// </summary>
    /// <param name="filter">Which requests.</param>
    /// <param name="handler">Makes the reply, on the thread pool. Its token is cancelled when the responder is disposed.</param>
    /// <param name="options">How many at a time, and with whom to share.</param>
    /// <param name="ct">Gives subscribing up.</param>
    /// <exception cref="NotSupportedException">The connection speaks 3.x.</exception>
    /// <exception cref="MqttRejectedException">The server refused the subscription.</exception>
    /// <exception cref="MqttSerializationException">Nobody reads or writes one of the types.</exception>
    ValueTask<IAsyncDisposable> RespondAsync<TRequest, TReply>(
        TopicFilter filter,
        Func<MqttDelivery<TRequest>, CancellationToken, ValueTask<TReply>> handler,
        RespondOptions? options = null,
        CancellationToken ct = default);

    /// <summary>Authenticates anew on the open connection, with the method of the options. 5.0 only.</summary>
    /// <exception cref="InvalidOperationException">The options have no authentication, or another one is under way.</exception>
    /// <exception cref="MqttException">The server refused, which ends the connection, or there is none.</exception>
    ValueTask ReauthenticateAsync(CancellationToken ct = default);

    /// <summary>The state changed. Raised in order on the thread pool, one at a time.</summary>
    event EventHandler<ConnectionEvent>? ConnectionChanged;

    /// <summary>Messages were given up. Raised as <see cref="ConnectionChanged"/> is.</summary>
    event EventHandler<DropEvent>? MessageDropped;
}
