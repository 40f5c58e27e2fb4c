using System.Globalization;
using System.Text;
using Starling.Cli.Formatting;
using Starling.Protocol;
using Starling.Protocol.Topics;

namespace Starling.Cli.Mosquitto;

/// <summary>One run of mosquitto_sub.</summary>
internal sealed class SubscribeRun(MosquittoSettings settings, MosquittoPeer peer, MosquittoOutput output, Random random) : MosquittoRun
{
    private const int SendNoRetained = 0x20;
    private const int KeepRetain = 0x08;

    private readonly byte[][] _leftOut = [.. settings.LeftOut.Select(Encoding.UTF8.GetBytes)];
    private bool _isDone;
    private int _count;
    private int _lastRemoval;

    public override bool Reconnects => true;

    /// <summary>The time of -W is over.</summary>
    public bool IsTimedOut { get; private set; }

    /// <summary>The options of a subscription as on the wire.</summary>
    public static int OptionsOf(MosquittoSettings settings) =>
        settings.Qos | (settings.IsFreshOnly ? SendNoRetained : 0) | (settings.RetainAsPublished ? KeepRetain : 0);

    public override async Task OnConnectedAsync()
    {
        await peer.SubscribeAsync(settings.Filters, OptionsOf(settings)).ConfigureAwait(false);
        foreach (string filter in settings.Unsubscribed)
        {
            await peer.UnsubscribeAsync(filter).ConfigureAwait(false);
        }
    }

    public override async Task<MosquittoError> OnRefusedAsync(int code)
    {
        Refusal = code;
        output.Complain(settings.Version != MqttVersion.V5
            ? $"Connection error: {MosquittoWords.OfReturnCode(code)}\n"
            : code == (int)ReasonCode.UnsupportedProtocolVersion
                ? $"Connection error: {MosquittoWords.OfReason(code)}. Try connecting to an MQTT v5 broker, or use MQTT v3.x mode.\n"
                : $"Connection error: {MosquittoWords.OfReason(code)}\n");
        await peer.DisconnectAsync().ConfigureAwait(false);
        return MosquittoError.Success;
    }

    public override async Task OnSubscribedAsync(int packetIdentifier, byte[] codes)
    {
        if (settings.IsDebug && !settings.IsQuiet)
        {
            output.PrintLine(string.Create(CultureInfo.InvariantCulture, $"Subscribed (mid: {packetIdentifier}): {string.Join(", ", codes)}"));
        }

        if (codes.All(static code => code >= 0x80))
        {
            await peer.DisconnectAsync().ConfigureAwait(false);
            output.Complain("All subscription requests were denied.\n");
        }

        if (settings.EndsSubscribed)
        {
            await peer.DisconnectAsync().ConfigureAwait(false);
        }
    }

    public override async Task OnMessageAsync(ReceivedMessage message)
    {
        if (_isDone)
        {
            return;
        }

        if (settings.IsRetainedOnly && !message.Retain)
        {
            await EndAsync().ConfigureAwait(false);
            return;
        }

        if ((message.Retain && settings.IsFreshOnly) || _leftOut.Any(filter => TopicFilter.Matches(filter, message.Topic)))
        {
            return;
        }

        if (settings.RemovesRetained && message.Retain)
        {
            await RemoveAsync(message).ConfigureAwait(false);
        }

        if (settings.RandomFilter >= MosquittoSettings.RandomFilterMax || random.Next(MosquittoSettings.RandomFilterMax) < settings.RandomFilter)
        {
            output.Print(message);
        }

        _count++;
        if (_count == settings.Count)
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    public override async Task OnPublishedAsync(int packetIdentifier, int reason, string? reasonString)
    {
        if (_isDone && packetIdentifier == _lastRemoval)
        {
            await peer.DisconnectAsync().ConfigureAwait(false);
        }
    }

    public override async Task OnEventAsync(PeerEvent happened)
    {
        if (!peer.IsAccepted)
        {
            peer.End(MosquittoError.NeverAccepted);
            return;
        }

        _isDone = true;
        IsTimedOut = happened.Kind == PeerEventKind.Timeout;
        await peer.DisconnectAsync((int)ReasonCode.DisconnectWithWill).ConfigureAwait(false);
    }

    // What removes a retained message must be acknowledged first.
    private async Task EndAsync()
    {
        _isDone = true;
        if (_lastRemoval == 0)
        {
            await peer.DisconnectAsync().ConfigureAwait(false);
        }
    }

    private async Task RemoveAsync(ReceivedMessage message)
    {
        OutgoingPublish removal = new()
        {
            PacketIdentifier = 0,
            Topic = Encoding.UTF8.GetString(message.Topic),
            Payload = ReadOnlyMemory<byte>.Empty,
            Qos = 1,
            Retain = true,
        };
        if (await peer.Outbox.PublishAsync(removal, this).ConfigureAwait(false) == MosquittoError.Success)
        {
            _lastRemoval = peer.LastIdentifier;
        }
    }
}
