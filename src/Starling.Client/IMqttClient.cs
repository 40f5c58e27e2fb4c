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

    /// <summary>As <see cref="PublishAsync"/>, but a refusal is a result.</summary>
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

    /// <summary>Subscribes; returns when the server has granted it.</summary>
    /// <exception cref="MqttRejectedException">The server refused.</exception>
    ValueTask<MqttSubscription> SubscribeAsync(TopicFilter filter, SubscribeOptions? options = null, CancellationToken ct = default);

    /// <summary>Authenticates anew on the open connection, with the method of the options. 5.0 only.</summary>
    /// <exception cref="InvalidOperationException">The options have no authentication, or another one is under way.</exception>
    /// <exception cref="MqttException">The server refused, which ends the connection, or there is none.</exception>
    ValueTask ReauthenticateAsync(CancellationToken ct = default);

    /// <summary>The state changed. Raised in order on the thread pool, one at a time.</summary>
    event EventHandler<ConnectionEvent>? ConnectionChanged;

    /// <summary>Messages were given up. Raised as <see cref="ConnectionChanged"/> is.</summary>
    event EventHandler<DropEvent>? MessageDropped;
}
