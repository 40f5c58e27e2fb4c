using Starling.Protocol;

namespace Starling.Cli.Mosquitto;

/// <summary>Messages on their way out: at most so many that wait for their acknowledgement, in order.</summary>
internal sealed class PeerOutbox(MosquittoPeer peer, MosquittoSettings settings, MosquittoOutput output)
{
    private readonly List<OutgoingPublish> _inFlight = [];
    private readonly Queue<OutgoingPublish> _waiting = new();
    private int _inFlightMax = settings.InFlightMax;

    /// <summary>What CONNACK allows.</summary>
    public ServerAllowance Server { get; set; } = ServerAllowance.All;

    /// <summary>Publishes.</summary>
    /// <param name="template">The message; its Packet Identifier is given here.</param>
    /// <param name="run">Is told of what went out at QoS 0.</param>
    /// <returns>Whether it was taken.</returns>
    public async Task<MosquittoError> PublishAsync(OutgoingPublish template, MosquittoRun run)
    {
        if (template.Qos > Server.QosMax)
        {
            return MosquittoError.QosNotSupported;
        }

        OutgoingPublish message = template with { PacketIdentifier = (ushort)peer.NextIdentifier() };
        if (PeerPackets.Publish(message, isDuplicate: false, settings.Version).Length > Server.PacketBytesMax)
        {
            return MosquittoError.TooLarge;
        }

        if (message.Qos == 0)
        {
            await SendAsync(message, isDuplicate: false).ConfigureAwait(false);
            await run.OnPublishedAsync(message.PacketIdentifier, 0, null).ConfigureAwait(false);
        }
        else
        {
            _waiting.Enqueue(message);
            await SendWaitingAsync().ConfigureAwait(false);
        }

        return MosquittoError.Success;
    }

    /// <summary>PUBACK, PUBREC or PUBCOMP.</summary>
    public async Task OnAnswerAsync(PacketType type, int packetIdentifier, int reason, string? reasonString, MosquittoRun run)
    {
        OutgoingPublish? message = _inFlight.Find(known => known.PacketIdentifier == packetIdentifier);
        if (message is null)
        {
            return;
        }

        if (type == PacketType.PubRec && reason < 0x80)
        {
            message.IsReleased = true;
            await ReleaseAsync(message).ConfigureAwait(false);
            return;
        }

        _inFlight.Remove(message);
        await run.OnPublishedAsync(packetIdentifier, reason, reasonString).ConfigureAwait(false);
        await SendWaitingAsync().ConfigureAwait(false);
    }

    /// <summary>There is a connection: what was under way before goes out again.</summary>
    public async Task OnConnectedAsync()
    {
        _inFlightMax = Math.Min(settings.InFlightMax, Server.ReceiveMaximum);
        foreach (OutgoingPublish message in _inFlight.ToArray())
        {
            if (message.IsReleased)
            {
                await ReleaseAsync(message).ConfigureAwait(false);
            }
            else
            {
                await SendAsync(message, isDuplicate: true).ConfigureAwait(false);
            }
        }

        await SendWaitingAsync().ConfigureAwait(false);
    }

    /// <summary>The connection is gone, and nothing is allowed any more.</summary>
    public void OnLost() => _inFlightMax = 0;

    private async Task SendWaitingAsync()
    {
        while (_inFlight.Count < _inFlightMax && _waiting.TryDequeue(out OutgoingPublish? message))
        {
            _inFlight.Add(message);
            await SendAsync(message, isDuplicate: false).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(OutgoingPublish message, bool isDuplicate)
    {
        output.Log(
            $"sending PUBLISH (d{(isDuplicate ? 1 : 0)}, q{message.Qos}, r{(message.Retain ? 1 : 0)}, m{message.PacketIdentifier}, '{message.Topic}', ... ({message.Payload.Length} bytes))");
        await peer.SendAsync(PeerPackets.Publish(message, isDuplicate, settings.Version)).ConfigureAwait(false);
    }

    private async Task ReleaseAsync(OutgoingPublish message)
    {
        output.Log($"sending PUBREL (m{message.PacketIdentifier})");
        await peer.SendAsync(PeerPackets.Acknowledgement(PacketType.PubRel, message.PacketIdentifier)).ConfigureAwait(false);
    }
}
