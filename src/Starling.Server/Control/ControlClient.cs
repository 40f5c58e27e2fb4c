using System.Net.Sockets;
using System.Text.Json;
using Starling.Storage;

namespace Starling.Server.Control;

/// <summary>Asks the broker that serves a data directory, through the control socket in it.</summary>
public static class ControlClient
{
    /// <summary>Lets the broker write a backup, and waits until it is complete.</summary>
    /// <param name="dataDirectory">The data directory of the broker.</param>
    /// <param name="targetDirectory">Absent or empty; the broker's user writes it.</param>
    /// <param name="progress">Learns how far it is; null: nobody does.</param>
    /// <param name="cancellationToken">Gives it up; the broker removes what it has written.</param>
    /// <exception cref="ControlException">No broker does it.</exception>
    /// <exception cref="StoreException">The broker could not write it.</exception>
    public static async Task BackupAsync(
        string dataDirectory, string targetDirectory, IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        using Socket socket = await ConnectAsync(ControlPath.In(dataDirectory), cancellationToken).ConfigureAwait(false);
        using NetworkStream stream = new(socket);
        ControlRequest request = new() { Command = ControlRequest.Backup, Target = Path.GetFullPath(targetDirectory) };
        try
        {
            await stream.WriteAsync(ControlLine.Write(request, ControlJson.Default.ControlRequest), cancellationToken).ConfigureAwait(false);
            await AwaitEndAsync(stream, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw Lost(e);
        }
    }

    private static async Task<Socket> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        if (ControlPath.FindObstacle(path) is string obstacle)
        {
            throw new ControlException(ControlFailure.NoBroker, $"There is no way to the broker: {obstacle}");
        }

        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            socket.Dispose();
            throw new ControlException(
                ControlFailure.Refused, $"{path} may not be used by this user: only the user of the broker and root may.", e);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new ControlException(
                ControlFailure.NoBroker,
                $"No broker runs on {Path.GetDirectoryName(path)}: nothing answers at {path}. Start it with `starling serve --data`, or name its directory with --data.",
                e);
        }
    }

    private static async Task AwaitEndAsync(NetworkStream stream, IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(stream, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is string line)
        {
            ControlReply? reply = JsonSerializer.Deserialize(line, ControlJson.Default.ControlReply);
            switch (reply)
            {
                case { State: ControlReply.Complete }:
                    return;
                case { State: ControlReply.InProgress, Progress: StoreProgress step }:
                    progress?.Report(step);
                    break;
                case { State: ControlReply.Failed, Failure: StoreFailure failure }:
                    throw new StoreException(failure, reply.Message ?? "The backup was not made.");
                case { State: ControlReply.Failed }:
                    throw new ControlException(ControlFailure.Refused, reply.Message ?? "The broker refused.");
                default:
                    throw new JsonException("an answer that this version does not know");
            }
        }

        throw Lost(null);
    }

    private static ControlException Lost(Exception? cause) =>
        new(ControlFailure.Lost, $"The broker ended before it had answered{(cause is null ? "" : $" ({cause.Message})")}. Look into its log.", cause);
}
