using System.Net.Sockets;

namespace Starling.Conformance.Targets;

/// <summary>A server behind a TCP port, in real time.</summary>
internal sealed class TcpTarget(string host, int port, TimeProvider time) : ITarget
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    public string Name => $"mqtt://{Authority}";

    /// <summary>Host and port as a URL has them.</summary>
    public string Authority => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";

    public TimeSpan Now => time.GetElapsedTime(0);

    public TimeSpan Earliness { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Lateness { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    public bool IsConcurrent => true;

    public async ValueTask<IByteStream> OpenAsync(CancellationToken cancellation) =>
        new TcpByteStream(await ConnectAsync(cancellation).ConfigureAwait(false), time);

    /// <summary>Opens a connection.</summary>
    /// <exception cref="TargetLostException">Nobody takes connections there.</exception>
    public async ValueTask<Socket> ConnectAsync(CancellationToken cancellation)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using CancellationTokenSource patience = new(ConnectTimeout, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await socket.ConnectAsync(host, port, both.Token).ConfigureAwait(false);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            bool isUnknown = e.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData;
            throw new TargetLostException($"{Name} cannot be reached: {(isUnknown ? "no address is known for this name" : e.Message)}", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TargetLostException($"{Name} cannot be reached: no answer within {ConnectTimeout.TotalSeconds:0} s", e);
        }
    }

    public async ValueTask DelayAsync(TimeSpan delay, CancellationToken cancellation) =>
        await Task.Delay(delay, time, cancellation).ConfigureAwait(false);
}
