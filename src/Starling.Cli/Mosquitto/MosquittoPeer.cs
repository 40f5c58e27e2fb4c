using System.Buffers;
using System.Security.Cryptography;
using System.Threading.Channels;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Cli.Mosquitto;

/// <summary>
/// One client that sends what libmosquitto 2.0.11 sends, packet by packet, and logs as it does. Everything happens in turn on the task of
/// <see cref="RunAsync"/>; the callers of its members are the methods of the run.
/// </summary>
internal sealed class MosquittoPeer : IAsyncDisposable
{
    private const int EventsMax = 256;
    private const int BufferBytes = 16 * 1024;
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly MosquittoSettings _settings;
    private readonly MosquittoOutput _output;
    private readonly TimeProvider _time;
    private readonly MosquittoConnector _connector;
    private readonly PeerReceiver _receiver;
    private readonly Channel<PeerEvent> _events = Channel.CreateBounded<PeerEvent>(EventsMax);
    private readonly CancellationTokenSource _over = new();
    private Stream? _stream;
    private MosquittoError? _end;
    private int _connection;
    private int _lastIdentifier;
    private bool _isDisconnecting;
    private bool _awaitsPong;
    private long _lastSent;
    private long _lastReceived;

    public MosquittoPeer(MosquittoSettings settings, MosquittoOutput output, TimeProvider time)
    {
        _settings = settings;
        _output = output;
        _time = time;
        _connector = new MosquittoConnector(settings);
        Outbox = new PeerOutbox(this, settings, output);
        _receiver = new PeerReceiver(this, settings, output);
        Identifier = settings.Identifier ?? (settings.Version == MqttVersion.V31 ? NewIdentifier() : null);
        output.Client = Identifier ?? "(null)";
    }

    /// <summary>The Client Identifier; null while the server is to choose one.</summary>
    public string? Identifier { get; set; }

    public PeerOutbox Outbox { get; }

    /// <summary>Whether a server has accepted this client, on this connection or an earlier one.</summary>
    public bool IsAccepted { get; set; }

    /// <summary>Whether DISCONNECT was sent.</summary>
    public bool IsDisconnecting => _isDisconnecting;

    /// <summary>Runs until the tool is done.</summary>
    /// <exception cref="MosquittoConnectException">The first connection could not be made.</exception>
    public async Task<MosquittoError> RunAsync(MosquittoRun run)
    {
        await ConnectAsync().ConfigureAwait(false);
        _ = TickAsync();
        while (true)
        {
            PeerEvent happened = await _events.Reader.ReadAsync(_over.Token).ConfigureAwait(false);
            if (happened.Connection != 0 && happened.Connection != _connection)
            {
                continue;
            }

            await HandleAsync(happened, run).ConfigureAwait(false);
            if (_end is { } end)
            {
                return end;
            }

            if (_isDisconnecting)
            {
                return MosquittoError.Success;
            }
        }
    }

    /// <summary>Ends the run without DISCONNECT.</summary>
    public void End(MosquittoError error) => _end ??= error;

    /// <summary>Tells of something from any thread; waits while much is told already.</summary>
    public async Task TellAsync(PeerEventKind kind, byte[] bytes) =>
        await _events.Writer.WriteAsync(new PeerEvent(kind, bytes, 0), _over.Token).ConfigureAwait(false);

    /// <summary>Tells of something after a delay.</summary>
    public async Task TellLaterAsync(PeerEventKind kind, TimeSpan delay)
    {
        await Task.Delay(delay, _time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_over.IsCancellationRequested)
        {
            await TellAsync(kind, []).ConfigureAwait(false);
        }
    }

    /// <summary>The latest Packet Identifier that was given.</summary>
    public int LastIdentifier => _lastIdentifier;

    public int NextIdentifier() => _lastIdentifier = _lastIdentifier == ushort.MaxValue ? 1 : _lastIdentifier + 1;

    public async Task SendAsync(byte[] packet)
    {
        if (_stream is null)
        {
            return;
        }

        try
        {
            await _stream.WriteAsync(packet, _over.Token).ConfigureAwait(false);
            await _stream.FlushAsync(_over.Token).ConfigureAwait(false);
            _lastSent = _time.GetTimestamp();
        }
        catch (IOException)
        {
            // Gone, which the task that reads tells in its turn.
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    public async Task SubscribeAsync(IReadOnlyList<string> filters, int options)
    {
        int identifier = NextIdentifier();
        bool isV5 = _settings.Version == MqttVersion.V5;
        foreach (string filter in filters)
        {
            _output.Log($"sending SUBSCRIBE (Mid: {identifier}, Topic: {filter}, QoS: {options & 3}, Options: 0x{options & 0xFC:x2})");
        }

        await SendAsync(PeerPackets.Subscribe(identifier, filters, isV5 ? options : options & 3, isV5 ? _settings.Properties.Block("subscribe") : null))
            .ConfigureAwait(false);
    }

    public async Task UnsubscribeAsync(string filter)
    {
        int identifier = NextIdentifier();
        _output.Log($"sending UNSUBSCRIBE (Mid: {identifier}, Topic: {filter})");
        byte[]? properties = _settings.Version == MqttVersion.V5 ? _settings.Properties.Block("unsubscribe") : null;
        await SendAsync(PeerPackets.Unsubscribe(identifier, filter, properties)).ConfigureAwait(false);
    }

    public async Task DisconnectAsync(int reason = 0)
    {
        if (_isDisconnecting)
        {
            return;
        }

        _isDisconnecting = true;
        _output.Log($"sending DISCONNECT");
        await SendAsync(PeerPackets.Disconnect(_settings.Version, reason, _settings.Properties.Block("disconnect"))).ConfigureAwait(false);
    }

    public void OnPong() => _awaitsPong = false;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }

        _over.Dispose();
    }

    private async Task ConnectAsync()
    {
        _stream = await _connector.ConnectAsync(_over.Token).ConfigureAwait(false);
        _connection++;
        _awaitsPong = false;
        _lastReceived = _time.GetTimestamp();
        _output.Log($"sending CONNECT");
        await SendAsync(PeerPackets.Connect(_settings, Identifier)).ConfigureAwait(false);
        _ = ReadAsync(_stream, _connection);
    }

    private async Task HandleAsync(PeerEvent happened, MosquittoRun run)
    {
        switch (happened.Kind)
        {
            case PeerEventKind.Packet:
                _lastReceived = _time.GetTimestamp();
                await _receiver.ReceiveAsync(happened.Bytes, run).ConfigureAwait(false);
                break;
            case PeerEventKind.Lost:
                await OnLostAsync(run).ConfigureAwait(false);
                break;
            case PeerEventKind.Tick:
                await OnTickAsync().ConfigureAwait(false);
                break;
            case PeerEventKind.Timeout or PeerEventKind.Interrupted when _stream is null:
                await run.OnEventAsync(happened).ConfigureAwait(false);
                End(MosquittoError.Success);
                break;
            default:
                await run.OnEventAsync(happened).ConfigureAwait(false);
                break;
        }
    }

    private async Task OnLostAsync(MosquittoRun run)
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
            _stream = null;
        }

        if (!run.Reconnects)
        {
            End(MosquittoError.Lost);
            return;
        }

        Outbox.OnLost();
        _connection++;
        _ = ReconnectAsync(_connection);
    }

    // Signals must be heard meanwhile, so that it is only told when there is a connection to be made.
    private async Task ReconnectAsync(int connection)
    {
        await Task.Delay(ReconnectDelay, _time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_over.IsCancellationRequested)
        {
            await _events.Writer.WriteAsync(new PeerEvent(PeerEventKind.Tick, [], connection), _over.Token).ConfigureAwait(false);
        }
    }

    private async Task OnTickAsync()
    {
        if (_stream is null)
        {
            try
            {
                await ConnectAsync().ConfigureAwait(false);
            }
            catch (MosquittoConnectException)
            {
                _ = ReconnectAsync(_connection);
            }

            return;
        }

        TimeSpan keepAlive = TimeSpan.FromSeconds(_settings.KeepAliveSeconds);
        bool isDue = _time.GetElapsedTime(_lastSent) >= keepAlive || _time.GetElapsedTime(_lastReceived) >= keepAlive;
        if (!isDue)
        {
            return;
        }

        if (_awaitsPong)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
            return;
        }

        _awaitsPong = true;
        _output.Log($"sending PINGREQ");
        await SendAsync(PeerPackets.Ping()).ConfigureAwait(false);
        _lastReceived = _time.GetTimestamp();
    }

    private async Task TickAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            await Task.Delay(TickInterval, _time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _events.Writer.TryWrite(new PeerEvent(PeerEventKind.Tick, [], _stream is null ? -1 : _connection));
        }
    }

    private async Task ReadAsync(Stream stream, int connection)
    {
        try
        {
            await ReadPacketsAsync(stream, connection).ConfigureAwait(false);
            await _events.Writer.WriteAsync(new PeerEvent(PeerEventKind.Lost, [], connection), _over.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException && !_over.IsCancellationRequested)
        {
            await _events.Writer.WriteAsync(new PeerEvent(PeerEventKind.Lost, [], connection), _over.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The run is over, and nobody listens any more.
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task ReadPacketsAsync(Stream stream, int connection)
    {
        byte[] buffer = new byte[BufferBytes];
        int filled = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(filled), _over.Token).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            filled += read;
            int used = 0;
            int needed;
            while (TakePacket(buffer.AsSpan(used, filled - used), out byte[] packet, out needed))
            {
                used += packet.Length;
                await _events.Writer.WriteAsync(new PeerEvent(PeerEventKind.Packet, packet, connection), _over.Token).ConfigureAwait(false);
            }

            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            if (needed > buffer.Length || filled == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Max(needed, buffer.Length * 2));
            }
        }
    }

    private static bool TakePacket(ReadOnlySpan<byte> received, out byte[] packet, out int needed)
    {
        OperationStatus status = PacketFraming.TryReadFrame(received, PacketFraming.PacketBytesMax, out PacketFrame frame, out needed, out _);
        if (status == OperationStatus.InvalidData)
        {
            throw new IOException("The server sends no packets.");
        }

        packet = status == OperationStatus.Done ? frame.Bytes.ToArray() : [];
        return status == OperationStatus.Done;
    }

    // As libmosquitto makes one for 3.1, which has no nameless clients.
    private static string NewIdentifier() =>
        "mosq-" + RandomNumberGenerator.GetString("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 18);
}
