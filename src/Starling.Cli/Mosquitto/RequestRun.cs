using Starling.Cli.Formatting;
using Starling.Protocol;

namespace Starling.Cli.Mosquitto;

/// <summary>One run of mosquitto_rr.</summary>
internal sealed class RequestRun(MosquittoSettings settings, MosquittoPeer peer, MosquittoOutput output, byte[] payload) : MosquittoRun
{
    /// <summary>The time of -W is over.</summary>
    public bool IsTimedOut { get; private set; }

    public override async Task OnConnectedAsync() =>
        await peer.SubscribeAsync([settings.ResponseTopic ?? ""], settings.Qos).ConfigureAwait(false);

    public override async Task<MosquittoError> OnRefusedAsync(int code)
    {
        Refusal = code;
        output.Complain(code == (int)ReasonCode.UnsupportedProtocolVersion
            ? $"Connection error: {MosquittoWords.OfReason(code)}. mosquitto_rr only supports connecting to an MQTT v5 broker\n"
            : $"Connection error: {MosquittoWords.OfReason(code)}\n");
        await peer.DisconnectAsync().ConfigureAwait(false);
        return MosquittoError.Success;
    }

    public override async Task OnSubscribedAsync(int packetIdentifier, byte[] codes)
    {
        if (codes[0] >= 0x80)
        {
            output.Complain($"{MosquittoWords.OfReason(codes[0])}\n");
            peer.End(MosquittoError.Success);
            return;
        }

        await peer.Outbox.PublishAsync(
            new OutgoingPublish
            {
                PacketIdentifier = 0,
                Topic = settings.Topic ?? "",
                Payload = payload,
                Qos = settings.Qos,
                Retain = false,
                Properties = settings.Properties.Block("publish"),
            },
            this).ConfigureAwait(false);
    }

    // mosquitto_rr says no DISCONNECT after its answer.
    public override Task OnMessageAsync(ReceivedMessage message)
    {
        output.Print(message);
        peer.End(MosquittoError.Success);
        return Task.CompletedTask;
    }

    public override async Task OnEventAsync(PeerEvent happened)
    {
        if (happened.Kind == PeerEventKind.Timeout)
        {
            IsTimedOut = true;
            await peer.DisconnectAsync((int)ReasonCode.DisconnectWithWill).ConfigureAwait(false);
        }
        else
        {
            peer.End(MosquittoError.Success);
        }
    }
}
