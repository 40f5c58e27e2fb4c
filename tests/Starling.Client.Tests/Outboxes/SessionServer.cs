using System.Buffers;
using System.Globalization;
using System.Text;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Client.Tests.Outboxes;

/// <summary>A server with one session, as the specification has it: it outlives connections and processes of the client, and remembers what it took.</summary>
internal sealed class SessionServer
{
    private readonly HashSet<ushort> _received = [];
    private bool _hasSession;

    /// <summary>The payloads that were taken, in order.</summary>
    public List<string> Taken { get; } = [];

    /// <summary>Packet types without an answer.</summary>
    public HashSet<PacketType> Silent { get; } = [];

    /// <summary>The packets of the client, without those of the life of a connection.</summary>
    public List<string> Packets { get; } = [];

    /// <summary>QoS 2 exchanges that wait for PUBREL.</summary>
    public int Open => _received.Count;

    /// <summary>The session is gone.</summary>
    public void Forget()
    {
        _hasSession = false;
        _received.Clear();
    }

    public string? Answer(byte[] packet)
    {
        Assert.Equal(OperationStatus.Done, PacketFraming.TryReadFrame(packet, 1 << 24, out PacketFrame frame, out _, out _));
        switch (frame.Type)
        {
            case PacketType.Connect:
                string present = _hasSession ? "01" : "00";
                _hasSession = true;
                return $"20 03 {present} 00 00";
            case PacketType.Publish:
                return Published(frame);
            case PacketType.PubRel:
                Packets.Add($"PUBREL {Convert.ToHexString(frame.Body[..2])}");
                if (Silent.Contains(PacketType.PubRel))
                {
                    return "";
                }

                ushort released = ushort.Parse(Convert.ToHexString(frame.Body[..2]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                return _received.Remove(released) ? $"70 02 {released:X4}" : $"70 03 {released:X4} 92";
            default:
                return null;
        }
    }

    private string Published(PacketFrame frame)
    {
        Assert.True(PublishPacket.TryRead(frame, MqttVersion.V5, out PublishPacket publish, out _));
        string payload = Encoding.UTF8.GetString(publish.Payload).Split('\0')[0];
        Packets.Add($"PUBLISH {publish.PacketIdentifier:X4} {payload}{(publish.Duplicate ? " DUP" : "")}");
        if (publish.Qos != QualityOfService.ExactlyOnce || _received.Add(publish.PacketIdentifier))
        {
            Taken.Add(payload);
        }

        return Silent.Contains(PacketType.Publish) ? "" : $"{(publish.Qos == QualityOfService.ExactlyOnce ? 5 : 4)}0 02 {publish.PacketIdentifier:X4}";
    }
}
