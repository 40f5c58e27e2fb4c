using System.Buffers;
using System.Text;
using Starling.Cli.Formatting;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Cli.Mosquitto;

/// <summary>Answers packets as libmosquitto does, and tells the run.</summary>
internal sealed class PeerReceiver(MosquittoPeer peer, MosquittoSettings settings, MosquittoOutput output)
{
    private readonly Dictionary<int, ReceivedMessage> _unreleased = [];
    private readonly Dictionary<int, byte[]> _aliases = [];

    public async Task ReceiveAsync(byte[] bytes, MosquittoRun run)
    {
        PacketType type = (PacketType)(bytes[0] >> 4);
        if (type != PacketType.ConnAck && !peer.IsAccepted)
        {
            peer.End(MosquittoError.Protocol);
            return;
        }

        switch (type)
        {
            case PacketType.ConnAck:
                await OnConnAckAsync(bytes, run).ConfigureAwait(false);
                break;
            case PacketType.Publish:
                await OnPublishAsync(bytes, run).ConfigureAwait(false);
                break;
            case PacketType.PubRel:
                await OnReleaseAsync(bytes, run).ConfigureAwait(false);
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubComp:
                await OnAnswerAsync(bytes, run).ConfigureAwait(false);
                break;
            case PacketType.SubAck:
                await OnSubAckAsync(bytes, run).ConfigureAwait(false);
                break;
            case PacketType.UnsubAck:
                output.Log($"received UNSUBACK");
                break;
            case PacketType.PingResp:
                output.Log($"received PINGRESP");
                peer.OnPong();
                break;
            case PacketType.Disconnect when settings.Version == MqttVersion.V5:
                OnDisconnect(bytes, run);
                break;
            default:
                peer.End(MosquittoError.Protocol);
                break;
        }
    }

    private async Task OnConnAckAsync(byte[] bytes, MosquittoRun run)
    {
        if (!ReadConnAck(bytes, out int code))
        {
            peer.End(MosquittoError.Protocol);
            return;
        }

        output.Client = peer.Identifier ?? "(null)";
        output.Log($"received CONNACK ({code})");
        _aliases.Clear();
        if (code != 0)
        {
            peer.End(await run.OnRefusedAsync(code).ConfigureAwait(false));
            return;
        }

        peer.IsAccepted = true;
        await peer.Outbox.OnConnectedAsync().ConfigureAwait(false);
        await run.OnConnectedAsync().ConfigureAwait(false);
    }

    private bool ReadConnAck(byte[] bytes, out int code)
    {
        // Return codes of 3.x that are not in the table are printed too, so the byte is read as it is.
        code = bytes.Length >= 4 ? bytes[3] : 0;
        if (bytes.Length < 4 || code != 0 || settings.Version != MqttVersion.V5)
        {
            return bytes.Length >= 4;
        }

        Frame(bytes, out PacketFrame frame);
        bool isRead = ConnAckPacket.TryRead(frame, settings.Version, out ConnAckPacket packet, out _);
        peer.Identifier = packet.AssignedClientIdentifier.IsEmpty ? peer.Identifier : Encoding.UTF8.GetString(packet.AssignedClientIdentifier);
        peer.Outbox.Server = new ServerAllowance(
            packet.ReceiveMaximum ?? ushort.MaxValue, (int)(packet.MaximumQos ?? QualityOfService.ExactlyOnce), packet.MaximumPacketBytes ?? uint.MaxValue);
        return isRead;
    }

    private async Task OnPublishAsync(byte[] bytes, MosquittoRun run)
    {
        if (!ReadPublish(bytes, out ReceivedMessage? message, out bool isDuplicate))
        {
            peer.End(MosquittoError.Protocol);
            return;
        }

        output.Log(
            $"received PUBLISH (d{(isDuplicate ? 1 : 0)}, q{(int)message.Qos}, r{(message.Retain ? 1 : 0)}, m{message.PacketIdentifier}, '{Encoding.UTF8.GetString(message.Topic)}', ... ({message.Payload.Length} bytes))");
        switch (message.Qos)
        {
            case QualityOfService.AtMostOnce:
                await run.OnMessageAsync(message).ConfigureAwait(false);
                break;
            case QualityOfService.AtLeastOnce:
                output.Log($"sending PUBACK (m{message.PacketIdentifier}, rc0)");
                await peer.SendAsync(PeerPackets.Acknowledgement(PacketType.PubAck, message.PacketIdentifier)).ConfigureAwait(false);
                await run.OnMessageAsync(message).ConfigureAwait(false);
                break;
            default:
                output.Log($"sending PUBREC (m{message.PacketIdentifier}, rc0)");
                await peer.SendAsync(PeerPackets.Acknowledgement(PacketType.PubRec, message.PacketIdentifier)).ConfigureAwait(false);
                _unreleased[message.PacketIdentifier] = message;
                break;
        }
    }

    private bool ReadPublish(byte[] bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ReceivedMessage? message, out bool isDuplicate)
    {
        Frame(bytes, out PacketFrame frame);
        bool isRead = PublishPacket.TryRead(frame, settings.Version, out PublishPacket packet, out _);
        isDuplicate = packet.Duplicate;
        message = null;
        if (!isRead)
        {
            return false;
        }

        byte[]? topic = packet.Topic.ToArray();
        if (packet.TopicAlias != 0 && topic.Length > 0)
        {
            _aliases[packet.TopicAlias] = topic;
        }
        else if (packet.TopicAlias != 0 && !_aliases.TryGetValue(packet.TopicAlias, out topic))
        {
            return false;
        }

        message = new ReceivedMessage
        {
            Topic = topic,
            Payload = packet.Payload.ToArray(),
            Qos = packet.Qos,
            Retain = packet.Retain,
            PacketIdentifier = packet.PacketIdentifier,
            Properties = settings.Version == MqttVersion.V5 ? ReceivedProperty.ReadAll(packet.Properties) : null,
        };
        return true;
    }

    private async Task OnReleaseAsync(byte[] bytes, MosquittoRun run)
    {
        if (!ReadAnswer(bytes, out int identifier, out _, out _))
        {
            peer.End(MosquittoError.Protocol);
            return;
        }

        output.Log($"received PUBREL (Mid: {identifier})");
        output.Log($"sending PUBCOMP (m{identifier})");
        await peer.SendAsync(PeerPackets.Acknowledgement(PacketType.PubComp, identifier)).ConfigureAwait(false);
        if (_unreleased.Remove(identifier, out ReceivedMessage? message))
        {
            await run.OnMessageAsync(message).ConfigureAwait(false);
        }
    }

    private async Task OnAnswerAsync(byte[] bytes, MosquittoRun run)
    {
        PacketType type = (PacketType)(bytes[0] >> 4);
        if (!ReadAnswer(bytes, out int identifier, out int reason, out string? reasonString))
        {
            peer.End(MosquittoError.Protocol);
            return;
        }

        switch (type)
        {
            case PacketType.PubRec: output.Log($"received PUBREC (Mid: {identifier})"); break;
            case PacketType.PubAck: output.Log($"received PUBACK (Mid: {identifier}, RC:{reason})"); break;
            default: output.Log($"received PUBCOMP (Mid: {identifier}, RC:{reason})"); break;
        }

        await peer.Outbox.OnAnswerAsync(type, identifier, reason, reasonString, run).ConfigureAwait(false);
    }

    private bool ReadAnswer(byte[] bytes, out int identifier, out int reason, out string? reasonString)
    {
        Frame(bytes, out PacketFrame frame);
        bool isRead = AcknowledgementPacket.TryRead(frame, settings.Version, out AcknowledgementPacket packet, out _);
        identifier = packet.PacketIdentifier;
        reason = (int)packet.Reason;
        reasonString = packet.ReasonString.IsEmpty ? null : Encoding.UTF8.GetString(packet.ReasonString);
        return isRead;
    }

    private async Task OnSubAckAsync(byte[] bytes, MosquittoRun run)
    {
        output.Log($"received SUBACK");
        if (!ReadSubAck(bytes, out int identifier, out byte[] codes))
        {
            peer.End(MosquittoError.Protocol);
            return;
        }

        await run.OnSubscribedAsync(identifier, codes).ConfigureAwait(false);
    }

    private bool ReadSubAck(byte[] bytes, out int identifier, out byte[] codes)
    {
        Frame(bytes, out PacketFrame frame);
        bool isRead = SubAckPacket.TryRead(frame, settings.Version, out SubAckPacket packet, out _);
        identifier = packet.PacketIdentifier;
        codes = packet.ReasonCodes.ToArray();
        return isRead && codes.Length > 0;
    }

    private void OnDisconnect(byte[] bytes, MosquittoRun run)
    {
        if (settings.IsDebug)
        {
            output.PrintLine($"Received DISCONNECT ({(bytes.Length > 2 ? bytes[2] : 0)})");
        }

        peer.End(run.EndOfDisconnect);
    }

    private static void Frame(byte[] bytes, out PacketFrame frame)
    {
        OperationStatus status = PacketFraming.TryReadFrame(bytes, PacketFraming.PacketBytesMax, out frame, out _, out _);
        System.Diagnostics.Debug.Assert(status == OperationStatus.Done, "Only whole packets come here.");
    }
}
