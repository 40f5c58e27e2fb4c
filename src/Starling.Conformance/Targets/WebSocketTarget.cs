using System.Net.Sockets;
using System.Net.WebSockets;

namespace Starling.Conformance.Targets;

/// <summary>A server behind a WebSocket, in real time: every case runs over binary frames (chapter 6).</summary>
internal sealed class WebSocketTarget(string host, int port, string path, TimeProvider time) : ITarget
{
    /// <summary>The subprotocol that a client of MQTT offers and a server selects.</summary>
    public const string Subprotocol = "mqtt";

    private readonly TcpTarget _tcp = new(host, port, time);

    public string Name => $"ws://{_tcp.Authority}{path}";

    public TimeSpan Now => _tcp.Now;

    public TimeSpan Earliness => _tcp.Earliness;

    public TimeSpan Lateness => _tcp.Lateness;

    public TimeSpan Quiet => _tcp.Quiet;

    public TimeSpan Patience => _tcp.Patience;

    public bool IsConcurrent => true;

    public async ValueTask<IByteStream> OpenAsync(CancellationToken cancellation) =>
        await OpenAsync(Subprotocol, cancellation).ConfigureAwait(false)
            ?? throw new TargetLostException($"{Name} refuses the WebSocket handshake; is it a WebSocket port, and the path right?");

    /// <summary>Opens a connection that offers a subprotocol, or none for null.</summary>
    /// <returns>Null when the server refuses the handshake.</returns>
    /// <exception cref="TargetLostException">Nobody takes connections there.</exception>
    public async ValueTask<WebSocketByteStream?> OpenAsync(string? subprotocol, CancellationToken cancellation)
    {
        Socket socket = await _tcp.ConnectAsync(cancellation).ConfigureAwait(false);
        NetworkStream stream = new(socket, ownsSocket: true);
        WebSocketHandshake handshake = new($"{_tcp.Authority}", path, subprotocol);
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        bool isAccepted = false;
        try
        {
            isAccepted = await handshake.IsAcceptedAsync(stream, both.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // A connection that is cut, or silence, is a refusal as well as an answer with another status.
        }
        finally
        {
            if (!isAccepted)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }
        }

        return isAccepted ? Wrap(stream, socket, handshake.Selected) : null;
    }

    private WebSocketByteStream Wrap(NetworkStream stream, Socket socket, string? selected)
    {
        WebSocketCreationOptions options = new() { SubProtocol = selected, KeepAliveInterval = Timeout.InfiniteTimeSpan };
        return new WebSocketByteStream(WebSocket.CreateFromStream(stream, options), socket, selected, time);
    }

    public ValueTask DelayAsync(TimeSpan delay, CancellationToken cancellation) => _tcp.DelayAsync(delay, cancellation);
}
