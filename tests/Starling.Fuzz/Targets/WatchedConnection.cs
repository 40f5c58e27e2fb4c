using Starling.Conformance.Inspection;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Transports.InMemory;
using static Starling.Fuzz.Fuzzing.FuzzFailureException;

namespace Starling.Fuzz.Targets;

/// <summary>
/// The client's end of a connection to the broker: it reads what comes strictly, holds it against the rules for servers, and counts so that nothing is
/// answered that was not asked, or twice.
/// </summary>
internal sealed class WatchedConnection(InMemoryPeer peer, MqttVersion version, ConnectFields? fields)
{
    private readonly InspectionLog _log = new();
    private readonly PacketBuffer _buffer = new(version);
    private readonly Dictionary<(PacketType Type, int Identifier), int> _owed = [];
    private readonly Dictionary<int, int> _deliveries = [];
    private ConnectionInspector? _inspector;
    private int _pingsOwed;
    private bool _isWild;

    public InMemoryPeer Peer => peer;

    public MqttVersion Version => version;

    public bool IsConnected { get; private set; }

    /// <summary>Deliveries to be acknowledged: their identifiers, and their QoS; -2 after PUBREC.</summary>
    public IReadOnlyDictionary<int, int> Deliveries => _deliveries;

    public bool IsOver { get; private set; }

    public int ReceiveMaximum { get; init; } = ushort.MaxValue;

    /// <summary>Sends, and notes what it asks for.</summary>
    public void Send(byte[] bytes, params (PacketType Type, int Identifier)[] owed)
    {
        if (IsOver || peer.IsClosed)
        {
            return;
        }

        foreach ((PacketType Type, int Identifier) answer in owed)
        {
            _owed[answer] = _owed.GetValueOrDefault(answer) + 1;
        }

        peer.Write(bytes);
    }

    public void SendPing()
    {
        _pingsOwed++;
        Send(PacketBytes.PingReq);
    }

    /// <summary>Sends what may be anything, so that the answers can be anything too.</summary>
    public void SendWild(byte[] bytes)
    {
        _isWild = true;
        Send(bytes);
    }

    /// <summary>Acknowledges the next step of a delivery.</summary>
    public void Acknowledge(int identifier, ReasonCode reason)
    {
        bool isRefusal = version == MqttVersion.V5 && reason >= ReasonCode.UnspecifiedError;
        switch (_deliveries.GetValueOrDefault(identifier))
        {
            case 1:
                _deliveries.Remove(identifier);
                Send(PacketBytes.Acknowledge(PacketType.PubAck, identifier, isRefusal ? reason : ReasonCode.Success));
                break;
            case 2 when isRefusal:
                _deliveries.Remove(identifier);
                Send(PacketBytes.Acknowledge(PacketType.PubRec, identifier, reason));
                break;
            case 2:
                _deliveries[identifier] = -2;
                Send(PacketBytes.Acknowledge(PacketType.PubRec, identifier));
                break;
            default:
                break;
        }
    }

    /// <summary>The client closes, or the network fails.</summary>
    public void End(bool isReset)
    {
        if (IsOver)
        {
            return;
        }

        IsOver = true;
        if (isReset)
        {
            peer.ResetByPeer();
        }
        else
        {
            peer.CloseByPeer();
        }
    }

    /// <summary>Reads all that has come.</summary>
    public void Read()
    {
        byte[] bytes = peer.Read();
        while (bytes.Length > 0)
        {
            Memory<byte> room = _buffer.Room();
            int count = Math.Min(room.Length, bytes.Length);
            bytes.AsSpan(0, count).CopyTo(room.Span);
            _buffer.Add(count);
            bytes = bytes[count..];
            while (_buffer.Take() is { } packet)
            {
                OnPacket(packet);
            }
        }
    }

    private void OnPacket(WirePacket packet)
    {
        if (_isWild)
        {
            Require(packet.Breaches.Count == 0, $"{packet}: {string.Join("; ", packet.Breaches)}");
            return;
        }

        if (_inspector is null)
        {
            _inspector = new ConnectionInspector(_log);
            if (fields is not null)
            {
                _inspector.OnConnect(fields);
            }
        }

        _inspector.OnPacket(packet);
        foreach (InspectionRule rule in InspectionRules.All)
        {
            IReadOnlyList<string> breaches = _log.BreachesOf(rule);
            Require(breaches.Count == 0, $"{rule.Name}: {string.Join("; ", breaches)}");
        }

        switch (packet.Type)
        {
            case PacketType.ConnAck:
                IsConnected = packet.Reason == ReasonCode.Success;
                break;
            case PacketType.Publish when packet.Qos > 0:
                Require(_deliveries.TryAdd(packet.Identifier, packet.Qos), $"{packet} while its identifier is in use");
                Require(version != MqttVersion.V5 || _deliveries.Count <= ReceiveMaximum, $"{_deliveries.Count} deliveries are open of {ReceiveMaximum}");
                break;
            case PacketType.PubRel:
                _deliveries.Remove(packet.Identifier);
                Send(PacketBytes.Acknowledge(PacketType.PubComp, packet.Identifier));
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubComp or PacketType.SubAck or PacketType.UnsubAck:
                (PacketType Type, int Identifier) answer = (packet.Type, packet.Identifier);
                Require(_owed.GetValueOrDefault(answer) > 0, $"{packet} answers nothing, or for a second time");
                _owed[answer]--;
                break;
            case PacketType.PingResp:
                Require(_pingsOwed-- > 0, "PINGRESP without PINGREQ");
                break;
            default:
                break;
        }
    }
}
