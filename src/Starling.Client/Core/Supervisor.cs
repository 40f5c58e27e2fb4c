using Starling.Protocol;

namespace Starling.Client.Core;

/// <summary>
/// Keeps a client connected from <see cref="MqttClient.ConnectAsync(CancellationToken)"/> to its end: tries the servers in turn, waits
/// between attempts, and gives up where trying again would not help. One run at a time, on the thread pool.
/// </summary>
internal sealed class Supervisor(SupervisorParts parts)
{
    private readonly MqttClientOptions _options = parts.Options;
    private readonly ServerRotation _servers = new(parts.Options.Servers);
    private readonly ConnectFaults _faults = new(parts.Connector, parts.Options.ConnectTimeout);
    private MqttVersion _version = parts.Options.Version;
    private bool _isFirst = true;
    private int _failures;

    /// <summary>The attempt that is up, or the last one.</summary>
    public ConnectAttempt? Current { get; private set; }

    /// <summary>Runs until stopped, or until it gives up. Never throws.</summary>
    /// <param name="connected">Told about the first connection, or its failure.</param>
    /// <param name="stop">Ends the run.</param>
    public async Task RunAsync(TaskCompletionSource<ServerInfo> connected, CancellationToken stop)
    {
        parts.ChangeState(new ConnectionEvent(ConnectionState.Connecting, false, null, null));
        int tried = 0;
        while (!stop.IsCancellationRequested)
        {
            (MqttException? cause, bool isLost) = await ConnectAndWaitAsync(connected, stop).ConfigureAwait(false);
            if (stop.IsCancellationRequested || cause is null)
            {
                break;
            }

            if ((!isLost && TryFallBack(cause)) || TryFollow(cause, isLost))
            {
                continue;
            }

            bool isFinal = IsFinal(cause) || (isLost && !_options.Reconnect.Enabled);
            bool isFirstFailure = !connected.Task.IsCompleted && _options.InitialConnect == InitialConnect.FailFast && ++tried >= _servers.Count;
            MoveOn(isLost);
            if (isFinal || isFirstFailure)
            {
                parts.GiveUp(cause, isFinal);
                connected.TrySetException(cause);
                return;
            }

            await DelayAsync(cause, stop).ConfigureAwait(false);
        }

        connected.TrySetCanceled(CancellationToken.None);
    }

    private async Task<(MqttException? Cause, bool IsLost)> ConnectAndWaitAsync(
        TaskCompletionSource<ServerInfo> connected, CancellationToken stop)
    {
        Uri address = _servers.Current;
        ServerInfo server;
        try
        {
            server = await ConnectOnceAsync(address, stop).ConfigureAwait(false);
        }
        catch (MqttException cause)
        {
            parts.Logger.ConnectFailed(ServerScheme.Print(address), cause.Message);
            return (cause, false);
        }
        catch (OperationCanceledException)
        {
            return (null, false);
        }

        parts.Logger.Connected(ServerScheme.Print(address), server.Version, server.SessionPresent);
        _isFirst = false;
        _servers.Connected();
        long up = _options.TimeProvider.GetTimestamp();
        parts.Connected(server);
        connected.TrySetResult(server);
        LinkEnd end = await WaitForEndAsync(stop).ConfigureAwait(false);
        parts.Logger.Disconnected(ServerScheme.Print(address), end.Cause?.Message ?? "disconnected");
        if (_options.TimeProvider.GetElapsedTime(up) >= _options.Reconnect.StableAfter)
        {
            _failures = 0;
        }

        return (end.Cause, true);
    }

    private async Task<LinkEnd> WaitForEndAsync(CancellationToken stop)
    {
        // A stop that came while the connection was being opened finds it up: then it ends here.
        await using (stop.UnsafeRegister(static state => (state as Supervisor)?.Disconnect(), this).ConfigureAwait(false))
        {
            return Current is null ? new LinkEnd(null, null) : await Current.Ended.ConfigureAwait(false);
        }
    }

    private void Disconnect() => parts.Core.Mailbox.Post(now => parts.Core.Disconnect(new DisconnectOptions(), now));

    private async Task<ServerInfo> ConnectOnceAsync(Uri address, CancellationToken stop)
    {
        using CancellationTokenSource timeout = new(_options.ConnectTimeout, _options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        ConnectStage stage = ConnectStage.Credentials;
        ConnectAttempt? attempt = null;
        bool isUp = false;
        try
        {
            attempt = await PrepareAsync(address, either.Token, stop).ConfigureAwait(false);
            Current = attempt;
            parts.Core.Expect(attempt);
            await parts.Connector.ConnectAsync(address, either.Token).ConfigureAwait(false);
            stage = ConnectStage.Connack;
            ServerInfo server = await attempt.Connected.WaitAsync(either.Token).ConfigureAwait(false);
            isUp = true;
            return server;
        }
        catch (MqttException fault) when (fault is not MqttDisconnectedException)
        {
            throw;
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            // A connector of the application may fail in any way; the caller waits for this attempt.
            ConnectStage reached = stage == ConnectStage.Credentials && attempt is not null ? _faults.Stage : stage;
            throw _faults.Explain(address, reached, fault);
        }
        finally
        {
            // A CONNACK that came when this had stopped waiting for it is nobody's.
            if (attempt is not null && !isUp)
            {
                parts.Core.GiveUp(attempt);
            }
        }
    }

    private async Task<ConnectAttempt> PrepareAsync(Uri address, CancellationToken ct, CancellationToken stop)
    {
        (string? User, ReadOnlyMemory<byte> Password)? credentials = null;
        ReadOnlyMemory<byte> authenticationData = default;
        try
        {
            if (_options.Credentials is { } source)
            {
                credentials = await source.GetAsync(ct).ConfigureAwait(false);
            }

            if (_options.Authentication is { } authentication && _version == MqttVersion.V5)
            {
                authenticationData = await authentication.StartAsync(ct).ConfigureAwait(false);
            }

            return new ConnectAttempt(
                address, parts.Settings.Build(_version, _isFirst, credentials, authenticationData), stop);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new MqttConnectException(ConnectStage.Credentials, $"The application gave no credentials: {fault.Message}", fault);
        }
    }

    // Only a server that does not know 5.0 is tried with 3.1.1; every other refusal would be the same there.
    private bool TryFallBack(MqttException cause)
    {
        if (!_options.VersionFallback || _version != MqttVersion.V5 || _options.Authentication is not null
            || cause is not MqttRejectedException { Reason: ReasonCode.UnsupportedProtocolVersion })
        {
            return false;
        }

        _version = MqttVersion.V311;
        return true;
    }

    // Nobody has to wait before a server that is said to be the right one.
    private bool TryFollow(MqttException cause, bool isLost)
    {
        Uri from = _servers.Current;
        if ((isLost && !_options.Reconnect.Enabled) || !_servers.TryFollow(cause))
        {
            return false;
        }

        parts.Logger.Referred(ServerScheme.Print(from), ServerScheme.Print(_servers.Current));
        if (isLost)
        {
            parts.ChangeState(new ConnectionEvent(ConnectionState.Reconnecting, false, TimeSpan.Zero, cause));
        }

        return true;
    }

    private void MoveOn(bool isLost)
    {
        if (isLost)
        {
            _servers.Again();
        }
        else if (_servers.Next())
        {
            // What the last one did not know another may.
            _version = _options.Version;
        }
    }

    // Trying again with the same identifier or password would fail again, and two processes with one identifier would take the
    // session from each other for ever.
    private bool IsFinal(MqttException cause) => cause is MqttRejectedException or MqttDisconnectedException && cause.Reason switch
    {
        ReasonCode.UnsupportedProtocolVersion or ReasonCode.ClientIdentifierNotValid or ReasonCode.Banned
            or ReasonCode.BadAuthenticationMethod or ReasonCode.SessionTakenOver => true,
        ReasonCode.BadUserNameOrPassword or ReasonCode.NotAuthorized => _options.Credentials is null or MqttPassword,
        _ => false,
    };

    private async Task DelayAsync(MqttException cause, CancellationToken stop)
    {
        ReconnectOptions reconnect = _options.Reconnect;
        double boundMilliseconds = Math.Min(
            reconnect.MaxDelay.TotalMilliseconds, reconnect.FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 30)));
        TimeSpan delay = TimeSpan.FromMilliseconds(parts.Random.NextDouble() * boundMilliseconds);
        parts.ChangeState(new ConnectionEvent(
            _isFirst ? ConnectionState.Connecting : ConnectionState.Reconnecting, false, delay, cause));
        await Task.Delay(delay, _options.TimeProvider, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
