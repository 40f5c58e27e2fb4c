using Starling.Broker.Deliveries;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Broker.Timers;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Loops;

namespace Starling.Broker.Connections;

/// <summary>
/// One connection of one client: the protocol machine, its output, and what lasts as long as the connection. Touched by its shard's
/// thread only. Whatever an idle client never needs is made on first use.
/// </summary>
internal sealed class BrokerConnection : IConnectionInput, ITimerOwner
{
    private readonly Shard _shard;
    private PauseReason _pauses;

    public BrokerConnection(Shard shard, IConnectionOutput output, in ConnectionDetails details)
    {
        _shard = shard;
        Output = output;
        Details = details;
        Machine = new ServerConnection(shard.Engine.ConnectionSettings);
        Timer = new TimerNode(TimerKind.KeepAlive, this);
    }

    public IConnectionOutput Output { get; }

    public ConnectionDetails Details { get; }

    public ServerConnection Machine { get; }

    public Shard Shard => _shard;

    /// <summary>The connect time-out, then the Keep Alive.</summary>
    public TimerNode Timer { get; }

    /// <summary>The session that this connection opened; null before that, and again after it was detached.</summary>
    public Session? Session { get; set; }

    /// <summary>The CONNECT while it is being decided.</summary>
    public ConnectRequest? Request { get; set; }

    /// <summary>The exchange of enhanced authentication that is going on, and the method's name for later ones.</summary>
    public EnhancedState? Enhanced { get; set; }

    /// <summary>Whether it counts as open in the engine's number of connections.</summary>
    public bool IsCounted { get; set; }

    /// <summary>Whether CONNACK 0x00 was sent, and it is counted as a connected client.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether the end of this connection has been handled.</summary>
    public bool IsDetached { get; set; }

    /// <summary>Whether it is pumped in the next iteration, because it has had its share of this one.</summary>
    public bool IsToPump { get; set; }

    public bool IsV5 => Machine.Version == MqttVersion.V5;

    /// <summary>The most open QoS 1 and 2 deliveries.</summary>
    public int SendWindow { get; set; }

    /// <summary>One and a half Keep Alive periods [MQTT-3.1.2-22]; 0: no check [U5-44].</summary>
    public long SilenceMaxMilliseconds { get; set; }

    public long LastReceivedMonotonicMilliseconds { get; private set; }

    /// <summary>Acknowledgements that wait for storage.</summary>
    public PendingAnswers? Pending { get; set; }

    /// <summary>Packets parked while publishers are held back.</summary>
    public ParkedPackets? Parked { get; set; }

    /// <summary>Authorizations already decided for the packet that will be given again.</summary>
    public List<bool>? Decisions { get; set; }

    /// <summary>The aliases this side has set; null when the client takes none.</summary>
    public OutgoingAliases? Aliases { get; set; }

    /// <summary>The neighbours in the shard's list of connections.</summary>
    public BrokerConnection? Previous { get; set; }

    public BrokerConnection? Following { get; set; }

    public int NeededBytes => Machine.NeededBytes;

    /// <summary>More than deliveries ever bring about: only answers that are not taken do, and then no more questions are read.</summary>
    private int OutputBytesMax => _shard.Engine.Options.PacketBytesMax + (2 * LocalDeliveries.OutputBytesMax);

    public int Receive(ReadOnlySpan<byte> bytes, in Instant now)
    {
        _shard.Enter(now);
        LastReceivedMonotonicMilliseconds = now.MonotonicMilliseconds;
        ConnectionEffects effects = new(this);
        int taken = Machine.Receive(bytes, ref effects);
        _shard.Counters.BytesReceived += taken;
        if (Output.PendingBytes > OutputBytesMax && !IsDetached)
        {
            Pause(PauseReason.Output);
        }

        return taken;
    }

    public void Drained(in Instant now)
    {
        _shard.Enter(now);
        Resume(PauseReason.Output);
        if (Session is { } session)
        {
            _shard.Deliveries.Pump(session);
        }
    }

    public void Closed(ConnectionEnd end, in Instant now)
    {
        _shard.Enter(now);
        _shard.Connections.Remove(this);
        _shard.Endings.Detach(this, end switch
        {
            ConnectionEnd.ByPeer => ConnectionCause.ClosedByPeer,
            ConnectionEnd.NotTaken => ConnectionCause.NotTaken,
            ConnectionEnd.ByUs => ConnectionCause.InternalFault,
            _ => ConnectionCause.NetworkFailed,
        });
    }

    public void OnTimer(TimerNode node, in Instant now) => _shard.KeepAlives.TimeIsUp(this);

    /// <summary>Stops reading for one more reason.</summary>
    public void Pause(PauseReason reason)
    {
        if (_pauses == PauseReason.None)
        {
            Output.PauseReading();
        }

        _pauses |= reason;
    }

    /// <summary>Takes one reason away; reading goes on when none is left.</summary>
    public void Resume(PauseReason reason)
    {
        if ((_pauses & reason) == 0)
        {
            return;
        }

        _pauses &= ~reason;
        if (_pauses == PauseReason.None && !IsDetached)
        {
            // Silence while we did not read is ours, not the client's.
            LastReceivedMonotonicMilliseconds = _shard.Now.MonotonicMilliseconds;
            Output.ResumeReading();
        }
    }

    public bool IsPaused => _pauses != PauseReason.None;

    /// <summary>Whether it is paused for another reason than this one.</summary>
    public bool IsPausedBesides(PauseReason reason) => (_pauses & ~reason) != 0;
}
