using Starling.Conformance.Inspection;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Client.Running;

/// <summary>The Packet Identifiers that a client has in use, over its connections, as its packets and their answers show it.</summary>
internal sealed class OpenIdentifiers(InspectionLog log)
{
    private readonly Dictionary<int, PacketType> _open = [];
    private readonly HashSet<int> _quota = [];
    private int _quotaMax = ushort.MaxValue;

    /// <summary>A connection was accepted: SUBSCRIBE and UNSUBSCRIBE have ended with the last one, and all else with the session.</summary>
    public void OnConnected(bool isSessionPresent, int receiveMaximum)
    {
        foreach (int identifier in _open.Where(open => !isSessionPresent || open.Value != PacketType.Publish).Select(open => open.Key).ToArray())
        {
            _open.Remove(identifier);
        }

        _quota.Clear();
        _quotaMax = receiveMaximum;
    }

    public void OnReceived(ReceivedPacket packet)
    {
        bool isPublish = packet is { Type: PacketType.Publish, Qos: > 0 };
        if (!isPublish && packet.Type is not (PacketType.Subscribe or PacketType.Unsubscribe))
        {
            return;
        }

        if (!_open.TryAdd(packet.Identifier, packet.Type) && !(isPublish && packet.Duplicate))
        {
            log.Add(new Breach(ClientRules.UniqueIdentifier, $"{packet} while {packet.Identifier} was in use by {_open[packet.Identifier]}"));
        }

        if (isPublish && _quota.Add(packet.Identifier) && _quota.Count > _quotaMax)
        {
            log.Add(new Breach(ClientRules.SendQuota, $"{packet} is open beside {_quota.Count - 1} others, of {_quotaMax}"));
        }
    }

    /// <summary>The server has sent bytes: whole packets, if they are good ones.</summary>
    public void OnSent(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 4 && bytes[1] < 128 && bytes.Length >= 2 + bytes[1])
        {
            bool isRefused = bytes[1] > 2 && bytes[4] >= 0x80;
            bool isClosing = (PacketType)(bytes[0] >> 4) switch
            {
                PacketType.PubRec => isRefused,
                PacketType.PubAck or PacketType.PubComp or PacketType.SubAck or PacketType.UnsubAck => true,
                _ => false,
            };
            if (isClosing && bytes[1] >= 2)
            {
                int identifier = (bytes[2] << 8) | bytes[3];
                _open.Remove(identifier);
                _quota.Remove(identifier);
            }

            bytes = bytes[(2 + bytes[1])..];
        }
    }
}
