namespace Starling.Protocol.Connections;

/// <summary>
/// The client's side of Keep Alive: when PINGREQ is due, and when a server that does not answer is given up. Time only comes in.
/// </summary>
internal sealed class KeepAliveTimer
{
    private long _intervalMilliseconds;
    private long _lastSent;
    private long _lastReceived;
    private long _pingSent;
    private bool _isPingOpen;
    private bool _isReading = true;

    /// <summary>Starts at CONNACK, with the Keep Alive in force; 0 for none.</summary>
    public void Start(ushort keepAliveSeconds, in Instant now)
    {
        _intervalMilliseconds = keepAliveSeconds * 1000L;
        _lastSent = now.MonotonicMilliseconds;
        _lastReceived = now.MonotonicMilliseconds;
    }

    /// <summary>When something is due; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline => _intervalMilliseconds == 0 ? long.MaxValue : IsAnswerAwaited ? AnswerDeadline : PingDeadline;

    public void Sent(in Instant now) => _lastSent = now.MonotonicMilliseconds;

    public void Received(in Instant now) => _lastReceived = now.MonotonicMilliseconds;

    public void PingAnswered() => _isPingOpen = false;

    public void PingSent(in Instant now)
    {
        _isPingOpen = true;
        _pingSent = now.MonotonicMilliseconds;
        _lastSent = now.MonotonicMilliseconds;
    }

    /// <summary>While nothing is read, PINGREQ still shows the server that this side lives, but its answer cannot be missed.</summary>
    public void SetReading(bool isReading, in Instant now)
    {
        _isReading = isReading;
        _lastReceived = now.MonotonicMilliseconds;
    }

    public bool IsPingDue(in Instant now) => _intervalMilliseconds > 0 && !IsAnswerAwaited && now.MonotonicMilliseconds >= PingDeadline;

    public bool IsOver(in Instant now) => _intervalMilliseconds > 0 && IsAnswerAwaited && now.MonotonicMilliseconds >= AnswerDeadline;

    private bool IsAnswerAwaited => _isPingOpen && _isReading;

    // A timer fires late and the packet takes its time, so PINGREQ leaves before the whole interval is over [MQTT-3.1.2-20]
    // [MQTT311-3.1.2-23]. Silence of the server counts as well: a client that only sends would never notice a dead link.
    private long PingDeadline =>
        (_isReading ? Math.Min(_lastSent, _lastReceived) : _lastSent) + _intervalMilliseconds - (_intervalMilliseconds / 5);

    // A large packet on its way delays PINGRESP, so whatever arrives shows that the server lives.
    private long AnswerDeadline => Math.Max(_pingSent, _lastReceived) + _intervalMilliseconds;
}
