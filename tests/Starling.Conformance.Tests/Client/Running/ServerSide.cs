using Starling.Conformance.Inspection;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;
using Starling.Transports.InMemory;

namespace Starling.Conformance.Tests.Client.Running;

/// <summary>The server's end of one connection: it reads the client's packets, holds them against the rules, and answers by the script.</summary>
internal sealed class ServerSide(InMemoryPeer peer, ServerScript script, ClientLog log, bool isFirstConnection)
{
    private readonly List<byte> _unread = [];
    private readonly List<ReceivedPacket> _received = [];
    private readonly HashSet<ReceivedPacket> _taken = [];
    private MqttVersion _version;
    private List<WireProperty> _limits = [];
    private bool _isGone;
    private bool _hasDisconnect;

    /// <summary>All packets so far, in order.</summary>
    public IReadOnlyList<ReceivedPacket> Received => _received;

    public IEnumerable<ReceivedPacket> Of(PacketType type) => _received.Where(packet => packet.Type == type);

    /// <summary>Whether the client has closed the connection.</summary>
    public bool IsClosed { get; private set; }

    public bool IsPending => !_isGone && (peer.AvailableBytes > 0 || (peer.IsClosed && !IsClosed));

    /// <summary>The first packet of this type that was not taken before; null when there is none yet.</summary>
    public ReceivedPacket? Take(PacketType type)
    {
        ReceivedPacket? packet = _received.Find(packet => packet.Type == type && !_taken.Contains(packet));
        if (packet is not null)
        {
            _taken.Add(packet);
        }

        return packet;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || _isGone || IsClosed)
        {
            return;
        }

        log.Identifiers.OnSent(bytes);
        peer.Write(bytes);
    }

    /// <summary>The network fails.</summary>
    public void Cut()
    {
        if (!_isGone)
        {
            _isGone = true;
            peer.ResetByPeer();
        }
    }

    /// <summary>Reads what has come, and answers.</summary>
    public void Work()
    {
        if (_isGone)
        {
            return;
        }

        _unread.AddRange(peer.Read());
        while (TryCut() is { } packet)
        {
            OnPacket(packet);
        }

        if (peer.IsClosed && !IsClosed)
        {
            IsClosed = true;
            _isGone = true;
            peer.CloseByPeer();
        }
    }

    private ReceivedPacket? TryCut()
    {
        int length = 0;
        for (int i = 1; i < _unread.Count && i <= 4; i++)
        {
            length |= (_unread[i] & 127) << (7 * (i - 1));
            if (_unread[i] < 128)
            {
                int sizeBytes = 1 + i + length;
                if (_unread.Count < sizeBytes)
                {
                    return null;
                }

                byte[] bytes = [.. _unread[..sizeBytes]];
                _unread.RemoveRange(0, sizeBytes);
                if (bytes[0] >> 4 == (int)PacketType.Connect && _received.Count == 0)
                {
                    // The level stands behind the name.
                    _version = (MqttVersion)bytes[1 + i + 2 + bytes[2 + i]];
                }

                return ReceivedPacket.Read(_version, bytes, 1 + i);
            }
        }

        return null;
    }

    private void OnPacket(ReceivedPacket packet)
    {
        log.Breaches.Count();
        foreach (Breach breach in packet.Breaches)
        {
            log.Breaches.Add(breach);
        }

        Check((packet.Type == PacketType.Connect) != (_received.Count == 0), ClientRules.ConnectFirst, $"{packet} as number {_received.Count + 1}");
        Check(_hasDisconnect, ClientRules.SilentAfterDisconnect, $"{packet} after DISCONNECT");
        CheckLimits(packet);
        log.Identifiers.OnReceived(packet);
        _received.Add(packet);
        _hasDisconnect |= packet.Type == PacketType.Disconnect;
        byte[] answer = script.AnswerTo(packet, _version, isFirstConnection);
        if (packet.Connect is not null)
        {
            ReadLimits(answer);
        }

        Send(answer);
    }

    // What the server has told about itself, in a CONNACK that need not be a good one.
    private void ReadLimits(byte[] connAck)
    {
        if (connAck.Length < 4 || connAck[0] != 0x20)
        {
            return;
        }

        if (_version == MqttVersion.V5 && connAck.Length > 4)
        {
            WireReader reader = new(connAck.AsSpan(4), [], "CONNACK");
            _limits = reader.Properties(PacketType.ConnAck);
        }

        log.Identifiers.OnConnected(
            (connAck[2] & 1) != 0 || (_version == MqttVersion.V31 && _received[0].Connect is { CleanStart: false }),
            (int)Limit(PropertyId.ReceiveMaximum, ushort.MaxValue));
    }

    private void CheckLimits(ReceivedPacket packet)
    {
        Check(packet.Bytes.Length > Limit(PropertyId.MaximumPacketSize, uint.MaxValue), ClientRules.PacketSize, $"{packet} has {packet.Bytes.Length} bytes");
        if (packet.Type == PacketType.Publish)
        {
            Check(packet.Qos > Limit(PropertyId.MaximumQos, 2), ClientRules.MaximumQos, $"{packet}");
            Check(packet.Retain && Limit(PropertyId.RetainAvailable, 1) == 0, ClientRules.RetainAvailable, $"{packet}");
            Check(packet.Number(PropertyId.TopicAlias) > Limit(PropertyId.TopicAliasMaximum, 0), ClientRules.TopicAlias, $"{packet}");
        }

        if (packet.Type == PacketType.Auth)
        {
            string? method = _received.FirstOrDefault()?.TextOf(PropertyId.AuthenticationMethod);
            Check(method is null, ClientRules.UnaskedAuth, $"{packet}");
            Check(method is not null && packet.TextOf(PropertyId.AuthenticationMethod) != method, ClientRules.AuthMethod, $"{packet}");
        }
    }

    private long Limit(PropertyId id, long otherwise) => _limits.Find(limit => limit.Id == id)?.Number ?? otherwise;

    private void Check(bool isBreach, InspectionRule rule, string what)
    {
        if (isBreach)
        {
            log.Breaches.Add(new Breach(rule, what));
        }
    }
}
