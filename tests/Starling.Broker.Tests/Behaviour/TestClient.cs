using System.Text;
using Starling.Protocol;
using Starling.Protocol.Packets;
using Starling.Transports.InMemory;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>
/// A client that sends exactly what the test says, legal or not, and answers nothing by itself. What it sends is seen by the broker at the
/// next run; the Expect members run the broker first.
/// </summary>
internal sealed class TestClient(BrokerHarness harness, InMemoryPeer peer, MqttVersion version)
{
    private readonly Queue<ReceivedPacket> _received = new();
    private byte[] _unread = [];

    public InMemoryPeer Peer { get; } = peer;

    public MqttVersion Version { get; } = version;

    /// <summary>Whether the broker has closed its side.</summary>
    public bool IsClosed
    {
        get
        {
            harness.Run();
            return Peer.IsClosed;
        }
    }

    /// <summary>When set, what is sent goes out in pieces of so many bytes, and the broker runs after each.</summary>
    public int? PieceBytes { get; set; }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        int pieceBytes = PieceBytes ?? bytes.Length;
        for (int i = 0; i < bytes.Length; i += pieceBytes)
        {
            Peer.Write(bytes.Slice(i, Math.Min(pieceBytes, bytes.Length - i)));
            if (PieceBytes is not null)
            {
                harness.Run();
            }
        }
    }

    public void SendHex(string hex) => Send(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    /// <summary>A CONNECT to be completed and sent by the test.</summary>
    public ConnectPacket NewConnect(string clientIdentifier, bool cleanStart = true, uint expiry = 0, ushort keepAlive = 0) => new()
    {
        Version = Version,
        ClientIdentifier = Encoding.UTF8.GetBytes(clientIdentifier),
        CleanStart = cleanStart,
        SessionExpiryIntervalSeconds = expiry,
        KeepAliveSeconds = keepAlive,
    };

    public void Send(in ConnectPacket packet)
    {
        byte[] bytes = new byte[packet.GetByteCount(Version)];
        Send(bytes.AsSpan(0, packet.Write(bytes, Version)));
    }

    /// <summary>Connects, and asserts that it was accepted.</summary>
    public ReceivedPacket Connect(string clientIdentifier, bool cleanStart = true, uint expiry = 0, ushort keepAlive = 0) =>
        Connect(NewConnect(clientIdentifier, cleanStart, expiry, keepAlive));

    /// <summary>Connects, and asserts that it was accepted.</summary>
    public ReceivedPacket Connect(in ConnectPacket packet)
    {
        Send(packet);
        ReceivedPacket connAck = Expect(PacketType.ConnAck);
        Assert.Equal(ReasonCode.Success, connAck.Reason);
        return connAck;
    }

    public void Send(in PublishPacket packet)
    {
        byte[] bytes = new byte[packet.GetByteCount(Version)];
        Send(bytes.AsSpan(0, packet.Write(bytes, Version)));
    }

    public void Publish(string topic, string payload, int qos = 0, int packetIdentifier = 0, bool retain = false) =>
        Send(NewPublish(topic, payload, qos, packetIdentifier, retain));

    /// <summary>Sends a QoS 1 or 2 PUBLISH with DUP.</summary>
    public void PublishAgain(string topic, string payload, int qos, int packetIdentifier)
    {
        PublishPacket packet = NewPublish(topic, payload, qos, packetIdentifier);
        packet.Duplicate = true;
        Send(packet);
    }

    /// <summary>A PUBLISH to be completed and sent by the test.</summary>
    public static PublishPacket NewPublish(string topic, string payload, int qos = 0, int packetIdentifier = 0, bool retain = false) => new()
    {
        Topic = Encoding.UTF8.GetBytes(topic),
        Payload = Encoding.UTF8.GetBytes(payload),
        Qos = (QualityOfService)qos,
        PacketIdentifier = (ushort)packetIdentifier,
        Retain = retain,
    };

    public void Acknowledge(PacketType type, int packetIdentifier, ReasonCode reason = ReasonCode.Success)
    {
        AcknowledgementPacket packet = new() { Type = type, PacketIdentifier = (ushort)packetIdentifier, Reason = reason };
        byte[] bytes = new byte[packet.GetByteCount(Version)];
        Send(bytes.AsSpan(0, packet.Write(bytes, Version)));
    }

    public void PubAck(int packetIdentifier, ReasonCode reason = ReasonCode.Success) => Acknowledge(PacketType.PubAck, packetIdentifier, reason);

    public void PubRec(int packetIdentifier, ReasonCode reason = ReasonCode.Success) => Acknowledge(PacketType.PubRec, packetIdentifier, reason);

    public void PubRel(int packetIdentifier) => Acknowledge(PacketType.PubRel, packetIdentifier);

    public void PubComp(int packetIdentifier) => Acknowledge(PacketType.PubComp, packetIdentifier);

    /// <summary>Sends a SUBSCRIBE with filters in wire form; see <see cref="Filter"/>.</summary>
    public void SendSubscribe(int packetIdentifier, uint identifier, params ReadOnlySpan<byte[]> filters)
    {
        SubscribePacket packet = new()
        {
            PacketIdentifier = (ushort)packetIdentifier,
            SubscriptionIdentifier = identifier,
            FiltersBytes = filters.ToArray().SelectMany(filter => filter).ToArray(),
        };
        byte[] bytes = new byte[packet.GetByteCount(Version)];
        Send(bytes.AsSpan(0, packet.Write(bytes, Version)));
    }

    /// <summary>One filter of a SUBSCRIBE in wire form.</summary>
    public byte[] Filter(
        string filter, int qos = 0, bool noLocal = false, bool asPublished = false, RetainHandling handling = RetainHandling.SendAtSubscribe)
    {
        SubscribeFilter entry = new()
        {
            Filter = Encoding.UTF8.GetBytes(filter),
            MaximumQos = (QualityOfService)qos,
            NoLocal = noLocal,
            RetainAsPublished = asPublished,
            RetainHandling = handling,
        };
        byte[] bytes = new byte[SubscribeFilterWriter.GetByteCount(entry)];
        SubscribeFilterWriter.Write(bytes, entry, Version);
        return bytes;
    }

    /// <summary>Subscribes to one filter, and returns its SUBACK.</summary>
    public ReceivedPacket Subscribe(string filter, int qos = 0, int packetIdentifier = 1)
    {
        SendSubscribe(packetIdentifier, 0, Filter(filter, qos));
        return Expect(PacketType.SubAck);
    }

    public void SendUnsubscribe(int packetIdentifier, params ReadOnlySpan<string> filters)
    {
        List<byte> entries = [];
        foreach (string filter in filters)
        {
            byte[] text = Encoding.UTF8.GetBytes(filter);
            byte[] entry = new byte[UnsubscribeFilterWriter.GetByteCount(text)];
            UnsubscribeFilterWriter.Write(entry, text);
            entries.AddRange(entry);
        }

        UnsubscribePacket packet = new() { PacketIdentifier = (ushort)packetIdentifier, FiltersBytes = entries.ToArray() };
        byte[] bytes = new byte[packet.GetByteCount(Version)];
        Send(bytes.AsSpan(0, packet.Write(bytes, Version)));
    }

    public void Ping() => Send(PingPackets.Request);

    public void Disconnect(ReasonCode reason = ReasonCode.Success, uint? expiry = null)
    {
        DisconnectPacket packet = new() { Reason = reason, SessionExpiryIntervalSeconds = expiry };
        byte[] bytes = new byte[packet.GetByteCount(Version)];
        Send(bytes.AsSpan(0, packet.Write(bytes, Version)));
    }

    public void Auth(ReasonCode reason, string? method, string? data = null)
    {
        AuthPacket packet = new()
        {
            Reason = reason,
            HasAuthenticationMethod = method is not null,
            AuthenticationMethod = Encoding.UTF8.GetBytes(method ?? ""),
            HasAuthenticationData = data is not null,
            AuthenticationData = Encoding.UTF8.GetBytes(data ?? ""),
        };
        byte[] bytes = new byte[packet.GetByteCount(Version)];
        Send(bytes.AsSpan(0, packet.Write(bytes, Version)));
    }

    /// <summary>Closes without DISCONNECT, and runs the broker.</summary>
    public void Cut()
    {
        Peer.CloseByPeer();
        harness.Run();
    }

    /// <summary>Runs the broker, and takes all packets that have come.</summary>
    public List<ReceivedPacket> ReadAll()
    {
        Fetch();
        List<ReceivedPacket> all = [.. _received];
        _received.Clear();
        return all;
    }

    /// <summary>Runs the broker, and takes the next packet, which must be of this type.</summary>
    public ReceivedPacket Expect(PacketType type)
    {
        Fetch();
        Assert.True(_received.Count > 0, $"No packet came, {type} was expected. {string.Join("; ", harness.Log.Lines.TakeLast(3))}");
        ReceivedPacket packet = _received.Dequeue();
        Assert.True(packet.Type == type, $"{type} was expected, and there came {packet}.");
        return packet;
    }

    public ReceivedPacket ExpectPublish(string topic, string payload)
    {
        ReceivedPacket packet = Expect(PacketType.Publish);
        Assert.Equal((topic, payload), (packet.Topic, packet.Text));
        return packet;
    }

    /// <summary>Runs the broker, and asserts that nothing more has come and the connection is open.</summary>
    public void ExpectNothing()
    {
        Fetch();
        Assert.Empty(_received);
        Assert.False(Peer.IsClosed, "The broker has closed the connection.");
    }

    /// <summary>Runs the broker, and asserts that nothing more has come and the broker has closed the connection.</summary>
    public void ExpectClosed()
    {
        Fetch();
        Assert.Empty(_received);
        Assert.True(Peer.IsClosed, "The connection is open.");
    }

    /// <summary>Asserts that the connection is over, with a DISCONNECT of this code before it in 5.0 and nothing before it in 3.x.</summary>
    public void ExpectEnd(ReasonCode reason)
    {
        if (Version == MqttVersion.V5)
        {
            Assert.Equal(reason, Expect(PacketType.Disconnect).Reason);
        }

        ExpectClosed();
    }

    private void Fetch()
    {
        harness.Run();
        _unread = [.. _unread, .. Peer.Read()];
        while (ReceivedPacket.TryTake(ref _unread, Version) is { } packet)
        {
            _received.Enqueue(packet);
        }
    }
}
