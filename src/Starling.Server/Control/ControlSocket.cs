using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Starling.Server.Control;

/// <summary>
/// Listens in the data directory for tools of this machine that ask something of the running broker. The directory's lock must be held.
/// </summary>
internal sealed class ControlSocket : IAsyncDisposable
{
    /// <summary>Clients that are served at a time; more wait until one has gone.</summary>
    private const int ClientsMax = 8;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan AcceptPause = TimeSpan.FromSeconds(1);

    private readonly Socket _listener;
    private readonly string _path;
    private readonly ControlService _service;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _places = new(ClientsMax);
    private readonly Task _accepting;

    private ControlSocket(Socket listener, string path, ControlService service, (ILogger Logger, TimeProvider TimeProvider) around)
    {
        _listener = listener;
        _path = path;
        _service = service;
        (_logger, _timeProvider) = around;
        _accepting = AcceptAllAsync();
    }

    /// <summary>Opens the socket; null, with a warning, where it cannot be: the broker serves without.</summary>
    public static ControlSocket? Start(string dataDirectory, ControlService service, ILogger logger, TimeProvider timeProvider)
    {
        string path = ControlPath.In(dataDirectory);
        if (ControlPath.FindObstacle(path) is string obstacle)
        {
            Log.ControlUnavailable(logger, obstacle);
            return null;
        }

        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // The lock is ours, so what is there belonged to a process that has ended.
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                // Nobody can connect before Listen, so nobody can before this either.
                File.SetUnixFileMode(path, OwnerOnly);
            }

            listener.Listen(ClientsMax);
            return new ControlSocket(listener, path, service, (logger, timeProvider));
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            listener.Dispose();
            Log.ControlUnavailable(logger, e.Message);
            return null;
        }
    }

    /// <summary>Ends what is under way, tells the clients so, and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        for (int i = 0; i < ClientsMax; i++)
        {
            await _places.WaitAsync().ConfigureAwait(false);
        }

        _places.Dispose();
        _ending.Dispose();
        DeleteSocket();
    }

    // Left behind, it does no harm: the next broker replaces it.
    private void DeleteSocket()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.ControlRefused(_logger, e.Message);
        }
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true)
            {
                if (await AcceptAsync().ConfigureAwait(false) is Socket client)
                {
                    _ = ServeAsync(client);
                }
                else
                {
                    await Task.Delay(AcceptPause, _timeProvider, _ending.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The broker ends.
        }
    }

    // A client that is accepted has a place, which it gives back when it has been served.
    private async Task<Socket?> AcceptAsync()
    {
        await _places.WaitAsync(_ending.Token).ConfigureAwait(false);
        Socket? client = null;
        try
        {
            client = await _listener.AcceptAsync(_ending.Token).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            Log.ControlRefused(_logger, e.Message);
        }
        finally
        {
            if (client is null)
            {
                _places.Release();
            }
        }

        return client;
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            await _service.ServeAsync(client, _ending.Token).ConfigureAwait(false);
        }
        finally
        {
            client.Dispose();
            _places.Release();
        }
    }
}
