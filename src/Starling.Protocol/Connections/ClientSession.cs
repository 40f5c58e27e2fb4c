namespace Starling.Protocol.Connections;

/// <summary>
/// The client's part of a session: outgoing exchanges, Packet Identifiers, and incoming QoS 2 exchanges. It outlives connections and
/// is handed from one <see cref="ClientConnection"/> to the next; one connection uses it at a time. Not thread-safe.
/// </summary>
public sealed class ClientSession
{
    private readonly Queue<OutgoingMessage> _waiting = new();
    private readonly OpenMessages _published = new();
    private readonly OpenMessages _released = new();
    private readonly Dictionary<ushort, object> _identifiers = [];
    private readonly Dictionary<ushort, IncomingExchange> _incoming = [];
    private readonly Stack<IncomingExchange> _spare = new();
    private ushort _lastIdentifier;
    private long _lastConnection;
    private long _lastDelivery;

    /// <summary>
    /// Makes the state of a new session.
    /// </summary>
    /// <param name="isResumed">
    /// Whether the caller knows of the session that the server may hold, although nothing of it is in flight here: a process that
    /// continues the session of an earlier one.
    /// </param>
    public ClientSession(bool isResumed = false)
    {
        IsHeld = isResumed;
    }

    /// <summary>Whether there is state on this side, so that the server may say Session Present.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Messages that were never sent.</summary>
    public int WaitingMessages => _waiting.Count;

    /// <summary>Messages whose exchange is open.</summary>
    public int OpenMessages => _published.Count + _released.Count;

    /// <summary>Every message: released ones, those whose PUBLISH is unanswered, and those that were never sent, each in its order.</summary>
    public IEnumerable<OutgoingMessage> Messages
    {
        get
        {
            for (OutgoingMessage? message = FirstReleased; message is not null; message = message.Next)
            {
                yield return message;
            }

            for (OutgoingMessage? message = FirstPublished; message is not null; message = message.Next)
            {
                yield return message;
            }

            foreach (OutgoingMessage message in _waiting)
            {
                yield return message;
            }
        }
    }

    /// <summary>Whether an answer of the server is awaited: to PUBLISH, PUBREL, SUBSCRIBE or UNSUBSCRIBE.</summary>
    internal bool AwaitsAnswer => _identifiers.Count > 0;

    /// <summary>Whether no outgoing message waits or is open.</summary>
    public bool IsIdle => _waiting.Count == 0 && OpenMessages == 0;

    /// <summary>The first of those whose PUBLISH is unanswered, in the order of sending.</summary>
    internal OutgoingMessage? FirstPublished => _published.First;

    /// <summary>The first of those whose PUBREL is unanswered, in the order of their PUBRECs.</summary>
    internal OutgoingMessage? FirstReleased => _released.First;

    /// <summary>
    /// Appends a message; it is sent when a connection and the send quota allow. Legal while there is no connection.
    /// After a call with a connection, <see cref="ClientConnection.SendWaiting"/> sends it.
    /// </summary>
    public void Add(OutgoingMessage message) => _waiting.Enqueue(message);

    /// <summary>
    /// Takes over an exchange that an earlier process has begun, or may have begun, under <see cref="OutgoingMessage.FixedPacketIdentifier"/>:
    /// it is sent again on the next connection of the session. In the order of sending; released ones in the order of their PUBRECs.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="received">What PUBREC said; null when it has not come.</param>
    /// <returns>False, and nothing was done, when another message has the identifier: then this one cannot have been sent.</returns>
    public bool TryRestore(OutgoingMessage message, ReasonCode? received)
    {
        if (!_identifiers.TryAdd(message.FixedPacketIdentifier, message))
        {
            return false;
        }

        message.PacketIdentifier = message.FixedPacketIdentifier;
        message.State = received is null ? OutgoingState.Published : OutgoingState.Released;
        message.ReceivedReason = received ?? ReasonCode.Success;
        (received is null ? _published : _released).Append(message);
        return true;
    }

    /// <summary>Takes out every message that was never sent and is no longer wanted.</summary>
    /// <param name="isUnwanted">Decides by message.</param>
    /// <returns>How many were taken out.</returns>
    public int RemoveWaiting(Predicate<OutgoingMessage> isUnwanted)
    {
        int removed = 0;
        for (int count = _waiting.Count; count > 0; count--)
        {
            OutgoingMessage message = _waiting.Dequeue();
            if (isUnwanted(message))
            {
                removed++;
            }
            else
            {
                _waiting.Enqueue(message);
            }
        }

        return removed;
    }

    /// <summary>Takes out every message, in order; the open ones first. For an owner that gives up.</summary>
    public IReadOnlyList<OutgoingMessage> TakeAll()
    {
        List<OutgoingMessage> messages = [];
        while ((FirstReleased ?? FirstPublished) is { } message)
        {
            Close(message);
            messages.Add(message);
        }

        messages.AddRange(_waiting);
        _waiting.Clear();
        return messages;
    }

    internal long StartConnection() => ++_lastConnection;

    internal bool TryPeekWaiting([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out OutgoingMessage? message) =>
        _waiting.TryPeek(out message);

    internal void DropWaiting() => _waiting.Dequeue();

    /// <summary>Gives the first waiting message a Packet Identifier and moves it behind the open ones; false when none is free.</summary>
    internal bool TryOpenWaiting()
    {
        OutgoingMessage message = _waiting.Peek();
        ushort identifier = message.FixedPacketIdentifier;
        if (identifier != 0 ? !_identifiers.TryAdd(identifier, message) : !TryTakeIdentifier(message, out identifier))
        {
            return false;
        }

        _waiting.Dequeue();
        message.PacketIdentifier = identifier;
        message.State = OutgoingState.Published;
        _published.Append(message);
        return true;
    }

    /// <summary>PUBREC arrived: from now on PUBREL stands for the message.</summary>
    internal void Release(OutgoingMessage message)
    {
        _published.Remove(message);
        message.State = OutgoingState.Released;
        _released.Append(message);
    }

    internal void Close(OutgoingMessage message)
    {
        (message.State == OutgoingState.Released ? _released : _published).Remove(message);
        _identifiers.Remove(message.PacketIdentifier);
        message.PacketIdentifier = 0;
        message.State = OutgoingState.Waiting;
        message.IsReleaseHeld = false;
        message.QuotaConnection = 0;
    }

    /// <summary>Takes a free Packet Identifier, never 0 [MQTT-2.2.1-3] [MQTT311-2.3.1-1] [MQTT311-2.3.1-2]; false when all are in use.</summary>
    internal bool TryTakeIdentifier(object owner, out ushort identifier)
    {
        identifier = _lastIdentifier;
        if (_identifiers.Count == ushort.MaxValue)
        {
            return false;
        }

        do
        {
            identifier = identifier == ushort.MaxValue ? (ushort)1 : (ushort)(identifier + 1);
        }
        while (!_identifiers.TryAdd(identifier, owner));

        _lastIdentifier = identifier;
        return true;
    }

    internal bool TryFind<T>(ushort identifier, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? owner)
        where T : class
    {
        owner = _identifiers.GetValueOrDefault(identifier) as T;
        return owner is not null;
    }

    internal bool IsInUse(ushort identifier) => _identifiers.ContainsKey(identifier);

    internal void FreeIdentifier(ushort identifier) => _identifiers.Remove(identifier);

    /// <summary>SUBSCRIBE and UNSUBSCRIBE die with their connection; their identifiers are free again.</summary>
    internal void ForgetRequests()
    {
        foreach ((ushort identifier, object owner) in _identifiers)
        {
            if (owner is ClientRequest)
            {
                _identifiers.Remove(identifier);
            }
        }
    }

    internal IncomingExchange? FindIncoming(ushort identifier) => _incoming.GetValueOrDefault(identifier);

    /// <summary>The owner has taken a QoS 2 delivery, on whatever connection it came. Null when its exchange is over.</summary>
    internal IncomingExchange? Acknowledge(in IncomingToken token, ReasonCode reason, ReadOnlyMemory<byte> reasonString)
    {
        bool isExchange = token.Qos == QualityOfService.ExactlyOnce;
        if (!isExchange || FindIncoming(token.PacketIdentifier) is not { } exchange || exchange.Number != token.Number)
        {
            return null;
        }

        exchange.IsAcknowledged = true;
        exchange.Reason = reason;
        exchange.ReasonString = reasonString;
        return exchange;
    }

    /// <summary>Opens an exchange. Those that are over are used again, so that a stream of messages costs no memory.</summary>
    internal IncomingExchange AddIncoming(ushort identifier)
    {
        IncomingExchange exchange = _spare.TryPop(out IncomingExchange? spare) ? spare : new IncomingExchange();
        exchange.Begin(++_lastDelivery);
        _incoming.Add(identifier, exchange);
        return exchange;
    }

    internal void RemoveIncoming(ushort identifier)
    {
        if (_incoming.Remove(identifier, out IncomingExchange? exchange))
        {
            _spare.Push(exchange);
        }
    }

    /// <summary>The server holds a session with this side from now on.</summary>
    internal void Hold() => IsHeld = true;

    /// <summary>
    /// The server has no session any more, so this side's part goes too [MQTT-3.2.2-5]. Messages that nobody has confirmed become new
    /// ones, before those that were never sent and in their order: until PUBREC a QoS 2 message is the sender's [MQTT-4.3.3-3]. Past
    /// PUBREC it was the server's, which has forgotten whether it passed it on: an unknown end.
    /// </summary>
    internal void Discard<TEffects>(ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        _incoming.Clear();
        List<OutgoingMessage> waiting = [];
        while ((FirstReleased ?? FirstPublished) is { } message)
        {
            bool isConfirmed = message.State == OutgoingState.Released;
            Close(message);
            if (!isConfirmed)
            {
                waiting.Add(message);
            }
            else
            {
                effects.OutcomeUnknown(message);
            }
        }

        if (waiting.Count > 0)
        {
            waiting.AddRange(_waiting);
            _waiting.Clear();
            waiting.ForEach(_waiting.Enqueue);
        }
    }
}
