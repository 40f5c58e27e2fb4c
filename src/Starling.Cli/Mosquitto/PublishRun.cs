using Starling.Cli.Commands;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Cli.Mosquitto;

/// <summary>One run of mosquitto_pub.</summary>
internal sealed class PublishRun(MosquittoSettings settings, MosquittoPeer peer, MosquittoOutput output, byte[] payload) : MosquittoRun
{
    private readonly bool _hasAlias = settings.Version == MqttVersion.V5
        && Formatting.ReceivedProperty.ReadAll(settings.Properties.Block("publish")).Exists(static property => property.Id == PropertyId.TopicAlias);

    private int _published;
    private int _sent;
    private bool _isFirst = true;
    private bool _isReading;
    private bool _isInputOver;

    public override bool Reconnects => settings.Source == MosquittoSource.Lines;

    public override MosquittoError EndOfDisconnect => settings.Source == MosquittoSource.Lines ? MosquittoError.Success : MosquittoError.NotConnected;

    /// <summary>The standard input, for -l.</summary>
    public required Stream Input { get; init; }

    public override async Task OnConnectedAsync()
    {
        if (settings.Source != MosquittoSource.Lines)
        {
            await PublishAsync(payload).ConfigureAwait(false);
        }
        else if (!_isReading)
        {
            _isReading = true;
            _ = ReadLinesAsync();
        }
    }

    public override Task<MosquittoError> OnRefusedAsync(int code)
    {
        Refusal = code;
        output.Complain(settings.Version != MqttVersion.V5
            ? $"Connection error: {MosquittoWords.OfReturnCode(code)}\n"
            : code == (int)ReasonCode.UnsupportedProtocolVersion
                ? $"Connection error: {MosquittoWords.OfReason(code)}. Try connecting to an MQTT v5 broker, or use MQTT v3.x mode.\n"
                : $"Connection error: {MosquittoWords.OfReason(code)}\n");
        return Task.FromResult(settings.Version == MqttVersion.V5 || code > 5 ? MosquittoError.Protocol : MosquittoError.Refused);
    }

    public override async Task OnPublishedAsync(int packetIdentifier, int reason, string? reasonString)
    {
        if (reason >= 0x80)
        {
            output.Complain(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"Warning: Publish {packetIdentifier} failed: {MosquittoWords.OfReason(reason)}.\n"));
            output.Complain(reasonString is null ? "" : $"{reasonString}\n");
        }

        _published++;
        if (settings.Source == MosquittoSource.Lines)
        {
            await EndAfterInputAsync().ConfigureAwait(false);
        }
        else if (_published < settings.Repetitions)
        {
            _ = peer.TellLaterAsync(PeerEventKind.Repeat, settings.RepeatDelay);
        }
        else
        {
            await peer.DisconnectAsync().ConfigureAwait(false);
        }
    }

    public override async Task OnEventAsync(PeerEvent happened)
    {
        switch (happened.Kind)
        {
            case PeerEventKind.Repeat:
                await PublishAsync(payload).ConfigureAwait(false);
                break;
            case PeerEventKind.Line:
                await PublishAsync(happened.Bytes).ConfigureAwait(false);
                break;
            case PeerEventKind.InputEnd:
                _isInputOver = true;
                await EndAfterInputAsync().ConfigureAwait(false);
                break;
            default:
                peer.End(MosquittoError.Success);
                break;
        }
    }

    private async Task EndAfterInputAsync()
    {
        if (_isInputOver && _published == _sent)
        {
            await peer.DisconnectAsync().ConfigureAwait(false);
        }
    }

    private async Task PublishAsync(byte[] content)
    {
        // A second message can name its topic by the alias of the first.
        string topic = _hasAlias && !_isFirst ? "" : settings.Topic ?? "";
        _isFirst = false;
        _sent++;
        MosquittoError error = await peer.Outbox.PublishAsync(
            new OutgoingPublish
            {
                PacketIdentifier = 0,
                Topic = topic,
                Payload = content,
                Qos = settings.Qos,
                Retain = settings.Retain,
                Properties = settings.Properties.Block("publish"),
            },
            this).ConfigureAwait(false);
        if (error != MosquittoError.Success)
        {
            output.Complain(error == MosquittoError.QosNotSupported
                ? "Error: Message QoS not supported on broker, try a lower QoS.\n"
                : $"Error: {MosquittoWords.Of(error)}\n");
            await peer.DisconnectAsync().ConfigureAwait(false);
        }
    }

    private async Task ReadLinesAsync()
    {
        LineReader lines = new(Input);
        try
        {
            while (await lines.ReadAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
            {
                await peer.TellAsync(PeerEventKind.Line, line).ConfigureAwait(false);
            }

            await peer.TellAsync(PeerEventKind.InputEnd, []).ConfigureAwait(false);
        }
        catch (IOException fault)
        {
            output.Complain($"Error: {fault.Message}\n");
            await peer.TellAsync(PeerEventKind.InputEnd, []).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The run is over, and the rest of the input is not wanted.
            _isInputOver = true;
        }
    }
}
