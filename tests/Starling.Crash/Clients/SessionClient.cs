using System.Globalization;
using Starling.Conformance.Wire;
using Starling.Crash.Ledger;
using Starling.Crash.Wire;
using Starling.Protocol;

namespace Starling.Crash.Clients;

/// <summary>An MQTT client that keeps its session over its connections, and counts each acknowledgement. Any thread may use it.</summary>
internal sealed class SessionClient(Scene scene, ClientProfile profile)
{
    private const int IdentifierNotFound = 0x92;
    private const int ErrorFrom = 0x80;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly Lock _gate = new();
    private readonly List<Outgoing> _outgoing = [];
    private readonly HashSet<int> _incoming = [];
    private readonly Dictionary<int, TaskCompletionSource<WirePacket?>> _requests = [];
    private readonly Queue<byte[]> _heldBack = new();
    private Link? _link;
    private SessionStart _start = new();
    private TaskCompletionSource<bool> _connected = NewAnswer<bool>();
    private Task _ended = Task.CompletedTask;
    private int _identifier;
    private int _connections;
    private int _lag = profile.Lag;
    private bool _isUp;

    public string Name => profile.Name;

    public MqttVersion Version => profile.Version;

    /// <summary>A CONNACK has promised that the session is kept.</summary>
    public bool IsEstablished { get; private set; }

    /// <summary>The end of the session was acknowledged, so it must not be there again.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Where the messages go that it receives; null: nowhere.</summary>
    public Inbox? Inbox { get; init; }

    /// <summary>Gets every message before the inbox; false: the inbox need not have it.</summary>
    public Func<WirePacket, bool>? Watch { get; init; }

    /// <summary>Gives the next message while there is room in the window; null: nothing to send now.</summary>
    public Func<Draft?>? Source { get; set; }

    /// <summary>Whether every exchange that it began is done.</summary>
    public bool HasNothingOutgoing
    {
        get
        {
            lock (_gate)
            {
                return _outgoing.Count == 0;
            }
        }
    }

    /// <summary>Whether every QoS 2 message that it received was released.</summary>
    public bool HasNothingIncoming
    {
        get
        {
            lock (_gate)
            {
                return _incoming.Count == 0 && _heldBack.Count == 0;
            }
        }
    }

    /// <summary>False: the connection ended before the CONNACK, or there was none.</summary>
    public async Task<bool> ConnectAsync(int port, SessionStart? start = null)
    {
        Abort();
        await EndedAsync().ConfigureAwait(false);
        TaskCompletionSource<bool> connected = NewAnswer<bool>();
        if (await Link.OpenAsync(port, profile.Version, OnPacket).ConfigureAwait(false) is not { } link)
        {
            return false;
        }

        lock (_gate)
        {
            _link = link;
            _connected = connected;
            _connections++;
            _start = start ?? new SessionStart();
            _lag = profile.Lag;
            IsEstablished &= !_start.CleanStart;
            link.Send(PacketBytes.Connect(ToFields(_start)));
        }

        _ended = link.Ended.ContinueWith(_ => OnEnded(link, connected), TaskScheduler.Default);
        return await AnswerAsync(connected.Task, "CONNACK").ConfigureAwait(false);
    }

    /// <summary>Null: the connection ended before the SUBACK.</summary>
    public Task<WirePacket?> SubscribeAsync(params (string Filter, int Options)[] filters) =>
        RequestAsync(identifier => PacketBytes.Subscribe(profile.Version, identifier, [], filters));

    /// <summary>Null: the connection ended before the UNSUBACK.</summary>
    public Task<WirePacket?> UnsubscribeAsync(params string[] filters) =>
        RequestAsync(identifier => PacketBytes.Unsubscribe(profile.Version, identifier, filters));

    /// <summary>DISCONNECT, behind everything sent before; ends when the broker has closed the connection.</summary>
    public async Task DisconnectAsync()
    {
        if (_link is { } link)
        {
            link.Send(PacketBytes.Disconnect);
            await AnswerAsync(EndAsync(), "end of the connection after DISCONNECT").ConfigureAwait(false);
        }
    }

    /// <summary>The connection is gone, without a word.</summary>
    public void Abort() => _link?.Abort();

    /// <summary>Done when all that the broker has sent on the connection is taken.</summary>
    public Task EndedAsync() => _ended;

    /// <summary>Asks <see cref="Source"/> again.</summary>
    public void Fill()
    {
        lock (_gate)
        {
            FillNow();
        }
    }

    /// <summary>Sends the acknowledgements that it has kept back, and keeps none back until it connects again.</summary>
    public void CatchUp()
    {
        lock (_gate)
        {
            _lag = 0;
            SendHeldBack();
        }
    }

    private static TaskCompletionSource<T> NewAnswer<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ConnectFields ToFields(SessionStart start)
    {
        byte[] expiry = start.ExpirySeconds > 0 ? Property.SessionExpiryInterval((uint)start.ExpirySeconds) : [];
        byte[] maximum = profile.ReceiveMaximum > 0 ? Property.ReceiveMaximum(profile.ReceiveMaximum) : [];
        bool isKept = start.ExpirySeconds > 0 && !start.CleanStart;
        return new ConnectFields(profile.Version, profile.Name)
        {
            CleanStart = profile.Version == MqttVersion.V5 ? start.CleanStart : !isKept,
            Properties = [.. expiry, .. maximum],
            Will = start.Will,
        };
    }

    private async Task<WirePacket?> RequestAsync(Func<int, byte[]> write)
    {
        TaskCompletionSource<WirePacket?> answer = NewAnswer<WirePacket?>();
        lock (_gate)
        {
            if (!_isUp || _link is not { } link)
            {
                return null;
            }

            int identifier = NextIdentifier();
            _requests.Add(identifier, answer);
            link.Send(write(identifier));
        }

        WirePacket? packet = await AnswerAsync(answer.Task, "SUBACK or UNSUBACK").ConfigureAwait(false);
        if (packet is not null && packet.Codes.Any(code => code >= ErrorFrom))
        {
            scene.Findings.Add(Fault.Refused, $"{Name} got {packet}");
        }

        return packet;
    }

    private async Task<bool> EndAsync()
    {
        await _ended.ConfigureAwait(false);
        return true;
    }

    /// <summary>The default value when the broker does not answer, which is reported.</summary>
    private async Task<T?> AnswerAsync<T>(Task<T> answer, string what)
    {
        try
        {
            return await answer.WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            scene.Findings.Add(Fault.Stalled, $"{Name} got no {what} (connection {_connections})");
            return default;
        }
    }

    private void OnEnded(Link link, TaskCompletionSource<bool> connected)
    {
        connected.TrySetResult(false);
        lock (_gate)
        {
            if (link == _link)
            {
                _isUp = false;
                _heldBack.Clear();
                foreach (TaskCompletionSource<WirePacket?> request in _requests.Values)
                {
                    request.TrySetResult(null);
                }

                _requests.Clear();
            }
        }
    }

    private void OnPacket(Link link, WirePacket packet)
    {
        foreach (var breach in packet.Breaches)
        {
            scene.Findings.Add(Fault.Stray, $"{Name} got a wrong packet: {breach}");
        }

        lock (_gate)
        {
            if (link == _link)
            {
                Take(link, packet);
            }
        }
    }

    private void Take(Link link, WirePacket packet)
    {
        switch (packet.Type)
        {
            case PacketType.ConnAck:
                TakeConnAck(link, packet);
                break;
            case PacketType.Publish:
                TakePublish(link, packet);
                break;
            case PacketType.PubRel:
                _incoming.Remove(packet.Identifier);
                link.Send(PacketBytes.Acknowledge(PacketType.PubComp, packet.Identifier));
                scene.Progressed();
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubComp:
                TakeAcknowledgement(link, packet);
                FillNow();
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                scene.Acknowledged(Count.OtherAcknowledgements);
                if (_requests.Remove(packet.Identifier, out TaskCompletionSource<WirePacket?>? request))
                {
                    request.TrySetResult(packet);
                }

                break;
            default:
                scene.Findings.Add(Fault.Refused, $"{Name} got {packet}");
                break;
        }
    }

    private void TakeConnAck(Link link, WirePacket packet)
    {
        if (packet.Reason != 0)
        {
            scene.Findings.Add(Fault.Refused, $"{Name} got {packet}");
            return;
        }

        CheckSession(packet.SessionPresent);
        bool isKept = _start.ExpirySeconds > 0 && !(_start.CleanStart && profile.Version != MqttVersion.V5);
        IsEnded = !isKept;
        IsEstablished = isKept;
        _isUp = true;
        foreach (Outgoing open in _outgoing)
        {
            // DUP is 1 in a PUBLISH that is sent again [MQTT-3.3.1-1]; what is past PUBREC goes on with PUBREL [MQTT-4.4.0-1].
            link.Send(open.IsReceived
                ? PacketBytes.Acknowledge(PacketType.PubRel, open.Identifier)
                : [(byte)(open.Packet[0] | 8), .. open.Packet.AsSpan(1)]);
        }

        scene.Acknowledged(Count.OtherAcknowledgements);
        _connected.TrySetResult(true);
        FillNow();
    }

    private void CheckSession(bool isPresent)
    {
        if (isPresent && (_start.CleanStart || IsEnded))
        {
            scene.Findings.Add(Fault.Session, $"{Name} got a session that it had ended");
        }

        if (IsEstablished && !_start.CleanStart)
        {
            scene.Tally.Add(Count.Sessions);
            if (!isPresent)
            {
                scene.Findings.Add(Fault.Session, $"the session of {Name} was acknowledged and is lost");
            }
        }

        if (!isPresent)
        {
            _incoming.Clear();
            _outgoing.RemoveAll(open => open.IsReceived);
        }
    }

    private void TakePublish(Link link, WirePacket packet)
    {
        bool isNew = packet.Qos < 2 || _incoming.Add(packet.Identifier);
        if (isNew && Watch?.Invoke(packet) != false)
        {
            Inbox?.Take(packet.Payload, packet.Qos, packet.Topic, string.Create(CultureInfo.InvariantCulture, $"/{_connections}{(packet.Duplicate ? "d" : "")}#{packet.Identifier}"));
        }

        scene.Progressed();
        if (packet.Qos > 0)
        {
            _heldBack.Enqueue(PacketBytes.Acknowledge(packet.Qos == 1 ? PacketType.PubAck : PacketType.PubRec, packet.Identifier));
            if (_heldBack.Count > _lag)
            {
                link.Send(_heldBack.Dequeue());
            }
        }
    }

    private void TakeAcknowledgement(Link link, WirePacket packet)
    {
        Outgoing? open = _outgoing.Find(open => open.Identifier == packet.Identifier);
        bool isRefused = (int)packet.Reason >= ErrorFrom && (packet.Type != PacketType.PubComp || (int)packet.Reason != IdentifierNotFound);
        if (open is null || isRefused || (packet.Type == PacketType.PubAck) != (open.Stream.Qos == 1))
        {
            scene.Findings.Add(Fault.Refused, $"{Name} got {packet} for {open?.Stream.Topic ?? "nothing"} number {open?.Message.Number}");
            return;
        }

        if (packet.Type != PacketType.PubComp && !open.IsReceived)
        {
            open.Stream.Acknowledge(open.Message);
            scene.Acknowledged(packet.Type == PacketType.PubAck ? Count.AcknowledgedQos1 : Count.AcknowledgedQos2);
        }

        if (packet.Type == PacketType.PubRec)
        {
            open.IsReceived = true;
            link.Send(PacketBytes.Acknowledge(PacketType.PubRel, open.Identifier));
            return;
        }

        _outgoing.Remove(open);
        if (packet.Type == PacketType.PubComp)
        {
            scene.Acknowledged(Count.OtherAcknowledgements);
        }
    }

    private void SendHeldBack()
    {
        while (_heldBack.TryDequeue(out byte[]? acknowledgement))
        {
            _link?.Send(acknowledgement);
        }
    }

    private void FillNow()
    {
        while (_isUp && _link is { } link && _outgoing.Count < profile.Window && Source?.Invoke() is { } draft)
        {
            int identifier = NextIdentifier();
            WireMessage message = new(draft.Stream.Topic, draft.Stream.Payload(draft.Message, draft.FillBytes))
            {
                Qos = draft.Stream.Qos,
                Retain = draft.Stream.IsRetained,
            };
            Outgoing open = new(identifier, PacketBytes.Publish(profile.Version, message, identifier), draft.Stream, draft.Message);
            _outgoing.Add(open);
            scene.Tally.Add(Count.Published);
            link.Send(open.Packet);
        }
    }

    private int NextIdentifier()
    {
        do
        {
            _identifier = (_identifier % ushort.MaxValue) + 1;
        }
        while (_requests.ContainsKey(_identifier) || _outgoing.Exists(open => open.Identifier == _identifier));
        return _identifier;
    }
}
