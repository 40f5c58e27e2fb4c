using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>One attempt to connect, and the connection that came of it, as the supervisor sees them. Any thread.</summary>
internal sealed class ConnectAttempt(Uri address, ClientConnectionSettings settings, CancellationToken ct)
{
    private readonly TaskCompletionSource<ServerInfo> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<LinkEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Uri Address => address;

    public ClientConnectionSettings Settings => settings;

    /// <summary>Cancelled when the attempt is over.</summary>
    public CancellationToken Cancellation => ct;

    /// <summary>Its connection; of the loop's thread.</summary>
    public ClientLink? Link { get; set; }

    /// <summary>Done at CONNACK; fails with an <see cref="MqttException"/>.</summary>
    public Task<ServerInfo> Connected => _connected.Task;

    /// <summary>Done when the connection is over as far as MQTT goes.</summary>
    public Task<LinkEnd> Ended => _ended.Task;

    /// <summary>Done when the transport is closed.</summary>
    public Task Closed => _closed.Task;

    public void Accept(ServerInfo server) => _connected.TrySetResult(server);

    public void End(LinkEnd end)
    {
        if (end.Cause is { } cause && _connected.TrySetException(cause))
        {
            // Nobody may be waiting for it any more; that is no unobserved fault.
            _ = _connected.Task.Exception;
        }

        _ended.TrySetResult(end);
    }

    public void Close() => _closed.TrySetResult();
}
