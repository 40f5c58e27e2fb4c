using System.Buffers;
using Starling.Conformance.Wire;
using Starling.Fuzz.Fuzzing;
using Starling.Protocol;
using Starling.Protocol.Packets;
using static Starling.Fuzz.Fuzzing.FuzzFailureException;

namespace Starling.Fuzz.Targets;

/// <summary>A server for one client: it knows what is open in both directions, and holds what the client sends against that.</summary>
internal sealed class ClientPeer(MqttVersion version)
{
    private readonly List<(PacketType Type, ushort Identifier)> _toAnswer = [];
    private readonly Dictionary<ushort, QualityOfService> _open = [];
    private readonly HashSet<ushort> _released = [];
    private readonly HashSet<ushort> _quota = [];
    private readonly SortedDictionary<ushort, (int Qos, bool IsReleased, string Text)> _own = [];
    private readonly Dictionary<(PacketType Type, ushort Identifier), int> _owed = [];
    private readonly List<byte> _unread = [];
    private ushort _lastIdentifier;
    private int _texts;
    private int _receiveMaximum = ushort.MaxValue;

    /// <summary>Whether anything waits for an answer of either side.</summary>
    public bool HasOpen => _toAnswer.Count > 0 || _own.Count > 0;

    /// <summary>A new connection: without the session everything is forgotten.</summary>
    public void Connected(bool isSessionPresent, int receiveMaximum)
    {
        _toAnswer.Clear();
        _unread.Clear();
        _owed.Clear();
        _quota.Clear();
        _receiveMaximum = receiveMaximum;
        foreach (ushort identifier in _open.Where(open => !isSessionPresent || open.Value == QualityOfService.AtMostOnce).Select(open => open.Key).ToArray())
        {
            _open.Remove(identifier);
        }

        if (!isSessionPresent)
        {
            _own.Clear();
            _released.Clear();
        }
    }

    /// <summary>What a resumed session repeats.</summary>
    public IEnumerable<byte[]> Resend()
    {
        foreach ((ushort identifier, (int qos, bool isReleased, string text)) in _own.ToArray())
        {
            yield return isReleased ? Release(identifier) : Message(text, qos, identifier, isDuplicate: true);
        }
    }

    /// <summary>A message of the server; none when the client's Receive Maximum is reached.</summary>
    public byte[] Publish(int qos)
    {
        if (qos > 0 && _own.Count >= 5)
        {
            return [];
        }

        string text = $"{++_texts}";
        if (qos == 0)
        {
            return Message(text, 0, 0, isDuplicate: false);
        }

        do
        {
            _lastIdentifier = (ushort)((_lastIdentifier % 9) + 1);
        }
        while (_own.ContainsKey(_lastIdentifier));
        _own.Add(_lastIdentifier, (qos, false, text));
        return Message(text, qos, _lastIdentifier, isDuplicate: false);
    }

    /// <summary>Answers one packet of the client.</summary>
    public byte[] AnswerNext(FuzzInput choices)
    {
        if (_toAnswer.Count == 0)
        {
            return [];
        }

        int index = choices.Below(Math.Min(256, _toAnswer.Count));
        (PacketType type, ushort identifier) = _toAnswer[index];
        _toAnswer.RemoveAt(index);
        bool isV5 = version == MqttVersion.V5;
        ReasonCode reason = isV5 ? choices.Choose(ReasonCode.Success, ReasonCode.Success, ReasonCode.NotAuthorized) : ReasonCode.Success;
        if (type != PacketType.PubRec || reason != ReasonCode.Success)
        {
            _open.Remove(identifier);
            _quota.Remove(identifier);
        }

        _released.Remove(identifier);
        switch (type)
        {
            case PacketType.SubAck:
                return PacketBytes.Frame(0x90, isV5 ? [(byte)(identifier >> 8), (byte)identifier, 0, 0] : [(byte)(identifier >> 8), (byte)identifier, 0]);
            case PacketType.UnsubAck:
                return PacketBytes.Frame(0xB0, isV5 ? [(byte)(identifier >> 8), (byte)identifier, 0, 0] : [(byte)(identifier >> 8), (byte)identifier]);
            case PacketType.PubComp:
                return PacketBytes.Acknowledge(type, identifier);
            case PacketType.PubRec when reason == ReasonCode.Success:
                _released.Add(identifier);
                return PacketBytes.Acknowledge(type, identifier);
            default:
                return PacketBytes.Acknowledge(type, identifier, reason);
        }
    }

    /// <summary>PUBREL for the first message that the client has answered with PUBREC.</summary>
    public byte[] ReleaseNext()
    {
        ushort identifier = _own.FirstOrDefault(own => own.Value.IsReleased && _owed.GetValueOrDefault((PacketType.PubComp, own.Key)) == 0).Key;
        return identifier == 0 ? [] : Release(identifier);
    }

    public void Read(byte[] bytes)
    {
        _unread.AddRange(bytes);
        byte[] all = [.. _unread];
        int used = 0;
        while (PacketFraming.TryReadFrame(all.AsSpan(used), 1 << 24, out PacketFrame frame, out _, out _) == OperationStatus.Done)
        {
            used += frame.Bytes.Length;
            OnPacket(frame);
        }

        _unread.RemoveRange(0, used);
    }

    private byte[] Release(ushort identifier)
    {
        Owe(PacketType.PubComp, identifier);
        return PacketBytes.Acknowledge(PacketType.PubRel, identifier);
    }

    private byte[] Message(string text, int qos, ushort identifier, bool isDuplicate)
    {
        if (qos > 0)
        {
            Owe(qos == 1 ? PacketType.PubAck : PacketType.PubRec, identifier);
        }

        return PacketBytes.Publish(version, new WireMessage("t", text) { Qos = qos, Duplicate = isDuplicate }, identifier);
    }

    private void Owe(PacketType type, ushort identifier) => _owed[(type, identifier)] = _owed.GetValueOrDefault((type, identifier)) + 1;

    private void OnPacket(scoped in PacketFrame frame)
    {
        switch (frame.Type)
        {
            case PacketType.Publish:
                Require(PublishPacket.TryRead(frame, version, out PublishPacket publish, out _), "a PUBLISH of the client is malformed");
                OnPublish(publish.PacketIdentifier, publish.Qos, publish.Duplicate);
                break;
            case PacketType.Subscribe or PacketType.Unsubscribe:
                ushort identifier = (ushort)((frame.Body[0] << 8) | frame.Body[1]);
                Require(_open.TryAdd(identifier, QualityOfService.AtMostOnce), $"{frame.Type} takes identifier {identifier}, which is in use");
                _toAnswer.Add((frame.Type == PacketType.Subscribe ? PacketType.SubAck : PacketType.UnsubAck, identifier));
                break;
            case PacketType.PubRel:
                OnPubRel(frame);
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubComp:
                OnAcknowledgement(frame);
                break;
            default:
                break;
        }
    }

    private void OnPublish(ushort identifier, QualityOfService qos, bool isDuplicate)
    {
        Require(!isDuplicate || _open.ContainsKey(identifier), $"identifier {identifier} comes with DUP and was never sent");
        Require(isDuplicate || _open.TryAdd(identifier, qos), $"PUBLISH takes identifier {identifier}, which is in use");
        Require(_quota.Add(identifier), $"identifier {identifier} was sent twice on one connection");
        Require(_quota.Count <= _receiveMaximum, $"{_quota.Count} messages are open of {_receiveMaximum}");
        Require(!_released.Contains(identifier), $"PUBLISH {identifier} after its PUBREL");
        _toAnswer.Add((qos == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, identifier));
    }

    private void OnPubRel(scoped in PacketFrame frame)
    {
        Require(AcknowledgementPacket.TryRead(frame, version, out AcknowledgementPacket packet, out _), "a PUBREL of the client is malformed");
        Require(_released.Contains(packet.PacketIdentifier), $"PUBREL {packet.PacketIdentifier} without PUBREC");
        _toAnswer.Add((PacketType.PubComp, packet.PacketIdentifier));
    }

    private void OnAcknowledgement(scoped in PacketFrame frame)
    {
        Require(AcknowledgementPacket.TryRead(frame, version, out AcknowledgementPacket packet, out _), "an acknowledgement of the client is malformed");
        (PacketType Type, ushort Identifier) answer = (packet.Type, packet.PacketIdentifier);
        Require(_owed.GetValueOrDefault(answer) > 0, $"{packet.Type} {packet.PacketIdentifier} answers nothing, or for a second time");
        _owed[answer]--;
        if (packet.Type == PacketType.PubRec && packet.Reason < ReasonCode.UnspecifiedError && _own.TryGetValue(packet.PacketIdentifier, out (int Qos, bool IsReleased, string Text) own))
        {
            _own[packet.PacketIdentifier] = own with { IsReleased = true };
        }
        else
        {
            _own.Remove(packet.PacketIdentifier);
        }
    }
}
