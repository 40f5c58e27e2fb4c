using Microsoft.Extensions.Logging;
using Starling.Client.Telemetry;

namespace Starling.Client.Core;

/// <summary>
/// What a client is doing about its connection, and who waits for it: one run of the <see cref="Supervisor"/> after the other, from a connect to a
/// stop, to giving up, or to the end. Any thread.
/// </summary>
internal sealed class ConnectionLife(ClientCore core, Outbox outbox, ClientTelemetry telemetry, EventDispatcher events, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private TaskCompletionSource<ServerInfo> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStarted;
    private bool _isDisposed;
    private bool _isOver;
    private int _waiting;
    private MqttException? _fault;
    private volatile ServerInfo? _server;
    private volatile ConnectionState _state;

    /// <summary>What it is doing.</summary>
    public ConnectionState State => _state;

    /// <summary>What the server said in the latest CONNACK.</summary>
    public ServerInfo? Server => _server;

    /// <summary>Connects, or waits for the connect that is under way.</summary>
    public async ValueTask<ServerInfo> ConnectAsync(Supervisor supervisor, ITransportConnector connector, CancellationToken ct)
    {
        Task<ServerInfo> connected;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(MqttClient));
            if (_state is ConnectionState.Idle or ConnectionState.Faulted)
            {
                Begin(supervisor, connector);
            }

            connected = _connected.Task;
            _waiting++;
        }

        bool isLast;
        try
        {
            return await connected.WaitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new MqttNotConnectedException("The client was disconnected or disposed while it was connecting.", isTransient: true);
        }
        finally
        {
            lock (_gate)
            {
                isLast = --_waiting == 0 && connected == _connected.Task && !connected.IsCompleted;
            }

            if (isLast)
            {
                // Nobody waits for it any more; as long as somebody does, it goes on for him.
                await StopAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>The client is disposed; false when it was before.</summary>
    public bool TryEnd()
    {
        lock (_gate)
        {
            bool isFirst = !_isDisposed;
            _isDisposed = true;
            return isFirst;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            _stop.Dispose();
        }
    }

    /// <summary>Ends the connection and the attempts to have one; nothing once it is disposed.</summary>
    public async Task StopAsync()
    {
        Task run;
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            run = _run;
            _stop.Cancel();
        }

        await run.ConfigureAwait(false);
        lock (_gate)
        {
            // Somebody else may have stopped it, too, and a third have connected again since.
            if (run == _run && _state is not (ConnectionState.Idle or ConnectionState.Faulted or ConnectionState.Closed))
            {
                Change(new ConnectionEvent(ConnectionState.Idle, false, null, null));
            }
        }
    }

    public void Change(ConnectionEvent change)
    {
        _state = change.State;
        events.Raise(change);
    }

    public void OnConnected(ServerInfo server)
    {
        _server = server;
        telemetry.Connected(server);
        Change(new ConnectionEvent(ConnectionState.Connected, server.SessionPresent, null, null));
    }

    public void OnGivenUp(MqttException cause, bool isFinal)
    {
        if (!isFinal)
        {
            Change(new ConnectionEvent(ConnectionState.Idle, false, null, cause));
            return;
        }

        logger.Faulted(cause.Message);
        _fault = cause;

        // Before the state, from which on a new connect can be asked for.
        core.Mailbox.Post(_ => core.FailAll(cause));
        Change(new ConnectionEvent(ConnectionState.Faulted, false, null, cause));
        outbox.Fail(cause);
    }

    /// <summary>Throws when the client is disposed.</summary>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, typeof(MqttClient));

    /// <summary>Throws when the client has given up or is disposed.</summary>
    public void ThrowIfOver()
    {
        ThrowIfDisposed();
        if (_state == ConnectionState.Faulted && _fault is { } cause)
        {
            throw new MqttNotConnectedException($"The client has given up: {cause.Message}", isTransient: false, cause);
        }
    }

    // Called with the gate held.
    private void Begin(Supervisor supervisor, ITransportConnector connector)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            connector.Start(core);
        }

        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _fault = null;
        core.Mailbox.Post(_ => core.BeginAnew());
        _state = ConnectionState.Connecting;
        _connected = new TaskCompletionSource<ServerInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<ServerInfo> connected = _connected;
        CancellationToken stop = _stop.Token;
        _run = Task.Run(() => supervisor.RunAsync(connected, stop), CancellationToken.None);
    }
}
