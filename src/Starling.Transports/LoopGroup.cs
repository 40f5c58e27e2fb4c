using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Starling.Protocol.Loops;
using Starling.Transports.Epoll;
using Starling.Transports.Loops;
using Starling.Transports.Portable;
using Starling.Transports.Streams;

namespace Starling.Transports;

/// <summary>
/// The event loops of one process part, each on its thread and with its client, and the listeners and connectors that feed them.
/// All members may be called from any thread.
/// </summary>
public sealed class LoopGroup : IAsyncDisposable
{
    private readonly LoopThread[] _threads;
    private readonly LoopGroupOptions _options;
    private readonly ILogger _logger;
    private int _isDisposed;

    private LoopGroup(LoopThread[] threads, LoopGroupOptions options, LoopKind kind, ILogger logger)
    {
        _threads = threads;
        _options = options;
        _logger = logger;
        Kind = kind;
        Completion = CompleteAsync(threads);
    }

    /// <summary>What the loops are built on: never <see cref="LoopKind.Automatic"/>.</summary>
    public LoopKind Kind { get; }

    /// <summary>The number of loops.</summary>
    public int Count => _threads.Length;

    /// <summary>A loop as its client sees it.</summary>
    public ILoop this[int index] => _threads[index].Loop;

    /// <summary>
    /// Completes when all loops have ended after <see cref="StopAsync"/>. Faults as soon as one loop dies, which is a defect: its
    /// connections are closed, the other loops go on.
    /// </summary>
    public Task Completion { get; }

    /// <summary>Starts the loops.</summary>
    /// <param name="options">How.</param>
    /// <param name="createClient">Makes the client of the loop with this index; called on this thread, in order.</param>
    /// <exception cref="PlatformNotSupportedException">Epoll is asked for and this is not Linux.</exception>
    public static LoopGroup Start(LoopGroupOptions options, Func<int, ILoopClient> createClient)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(createClient);
        options.Validate();
        LoopKind kind = Resolve(options.Kind);
        ILogger logger = options.Loggers?.CreateLogger<LoopGroup>() ?? NullLogger<LoopGroup>.Instance;
        LoopClock clock = new(options.Time);
        EventLoop[] peers = new EventLoop[options.Loops];
        LoopThread[] threads = new LoopThread[options.Loops];
        for (int i = 0; i < threads.Length; i++)
        {
            EventLoopParts parts = new()
            {
                Index = i,
                Peers = peers,
                Clock = clock,
                Account = options.Budget.OpenAccount(),
                Logger = logger,
                ReadBytes = options.ReadBytes,
                IdleBufferBytesMax = Math.Min(options.IdleBufferBytesMax, options.Budget.LimitBytes / 16 / options.Loops),
            };
            threads[i] = CreateThread(options with { Kind = kind }, parts, createClient(i));
            peers[i] = threads[i].Loop;
        }

        LoopGroup group = new(threads, options, kind, logger);
        foreach (LoopThread thread in threads)
        {
            thread.Start($"{options.ThreadNamePrefix}{thread.Loop.Index}");
        }

        return group;
    }

    /// <summary>Opens a listener. The first loop accepts, and deals the connections to all loops in turn.</summary>
    /// <exception cref="SocketException">The address is busy, not here, or not permitted.</exception>
    public BoundListener Listen(ListenerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        Socket socket = new(options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (options.EndPoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.Blocking = false;
            socket.Bind(options.EndPoint);
            socket.Listen(options.Backlog);
            IPEndPoint bound = socket.LocalEndPoint as IPEndPoint ?? options.EndPoint;
            LoopThread acceptor = _threads[0];
            bool isAdded = false;
            acceptor.RunAndWait(() => isAdded = acceptor.Driver.TryAddListener(socket, options.Name));
            if (!isAdded)
            {
                throw new SocketException((int)SocketError.NoBufferSpaceAvailable);
            }

            return new BoundListener(options.Name, bound);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Closes all listeners: their ports are free when this returns. Connections go on.</summary>
    public void StopListening() => _threads[0].RunAndWait(_threads[0].Driver.RemoveListeners);

    /// <summary>
    /// Opens a connection. When the task completes, it has been attached to the client of that loop. A name is looked up, and its
    /// addresses are tried one after the other, within <see cref="LoopGroupOptions.ConnectTimeout"/> in all.
    /// </summary>
    /// <param name="loopIndex">The loop that gets it.</param>
    /// <param name="endPoint">An <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/>.</param>
    /// <param name="details">Handed to the client as they are, but for the time of opening; so a client can know its own attempt.</param>
    /// <param name="cancellation">Gives up the attempt.</param>
    /// <exception cref="SocketException">It cannot be reached; TimedOut after the time for it.</exception>
    public ValueTask ConnectAsync(
        int loopIndex, EndPoint endPoint, ConnectionDetails details, CancellationToken cancellation = default) =>
        ConnectAsync(loopIndex, new ConnectTarget { EndPoint = endPoint }, details, cancellation);

    /// <summary>
    /// Opens a connection through the stages that the target names; otherwise as the overload with an end point. Anything but plain TCP
    /// needs <see cref="LoopGroupOptions.Streams"/>.
    /// </summary>
    /// <param name="loopIndex">The loop that gets it.</param>
    /// <param name="target">What to connect to, and how.</param>
    /// <param name="details">Handed to the client as they are, but for the time of opening; so a client can know its own attempt.</param>
    /// <param name="cancellation">Gives up the attempt.</param>
    /// <exception cref="SocketException">It cannot be reached; TimedOut after the time for it.</exception>
    /// <exception cref="TransportException">TLS or WebSocket failed.</exception>
    public async ValueTask ConnectAsync(
        int loopIndex, ConnectTarget target, ConnectionDetails details, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegative(loopIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(loopIndex, Count);
        if (!target.IsPlain && !_options.Streams)
        {
            throw new InvalidOperationException("These loops were started without Streams, which TLS, WebSocket and Unix sockets need.");
        }

        using CancellationTokenSource timeout = new(_options.ConnectTimeout, _options.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            await (target.IsPlain
                ? ConnectPlainAsync(_threads[loopIndex], target, details, either.Token)
                : ConnectStreamAsync(_threads[loopIndex], target, details, either.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    /// <summary>
    /// Stops: closes the listeners, waits until the clients have closed all connections but at most the grace time, then closes
    /// the rest in order (what is pending is sent, for 5 s at most), and ends the threads. A client that wants to say good-bye does so
    /// before, or meanwhile.
    /// </summary>
    public async Task StopAsync(TimeSpan grace)
    {
        StopListening();
        foreach (LoopThread thread in _threads)
        {
            EventLoop loop = thread.Loop;
            loop.Post(ControlMessage.Run(() => loop.BeginStop((long)grace.TotalMilliseconds)));
        }

        await Task.WhenAll(_threads.Select(static thread => thread.Completion)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            foreach (LoopThread thread in _threads)
            {
                thread.Loop.DiscardControlMessages();
                thread.Driver.Dispose();
            }
        }
    }

    /// <summary>Stops without a grace time.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero).ConfigureAwait(false);

    private static async Task ConnectPlainAsync(
        LoopThread thread, ConnectTarget target, ConnectionDetails details, CancellationToken cancellation)
    {
        target.Reached?.Invoke(TransportStage.Dns);
        IPEndPoint[] candidates = await Connecting.ResolveAsync(target.EndPoint, cancellation).ConfigureAwait(false);
        target.Reached?.Invoke(TransportStage.Tcp);
        await Connecting.TryEachAsync(thread, candidates, details, cancellation).ConfigureAwait(false);
    }

    private async Task ConnectStreamAsync(
        LoopThread thread, ConnectTarget target, ConnectionDetails details, CancellationToken cancellation)
    {
        StreamConnection stream = await StreamConnecting.OpenAsync(target, _logger, cancellation).ConfigureAwait(false);
        try
        {
            await Connecting.HandOverAsync(thread, new ConnectAttempt(target.EndPoint, details), new TransportSocket(-1, stream)).ConfigureAwait(false);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static LoopKind Resolve(LoopKind kind) => kind switch
    {
        LoopKind.Automatic => OperatingSystem.IsLinux() ? LoopKind.Epoll : LoopKind.Portable,
        LoopKind.Epoll when !OperatingSystem.IsLinux() => throw new PlatformNotSupportedException("The epoll loop needs Linux."),
        _ => kind,
    };

    private static LoopThread CreateThread(LoopGroupOptions options, EventLoopParts parts, ILoopClient client)
    {
        ISocketDriver? driver = null;
        EventLoop loop = new(parts, created => driver = CreateDriver(options, created, parts.Logger), client);
        return new LoopThread(loop, driver ?? throw new InvalidOperationException("The loop made no driver."), parts.Logger);
    }

    private static ISocketDriver CreateDriver(LoopGroupOptions options, EventLoop loop, ILogger logger)
    {
        ISocketDriver sockets = options.Kind == LoopKind.Epoll ? new EpollDriver(loop, logger) : new PortableDriver(loop, logger);
        return options.Streams ? new StreamDriver(loop, sockets) : sockets;
    }

    private static async Task CompleteAsync(LoopThread[] threads)
    {
        await foreach (Task ended in Task.WhenEach(threads.Select(static thread => thread.Completion)).ConfigureAwait(false))
        {
            await ended.ConfigureAwait(false);
        }
    }
}
