using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Starling.Storage;

namespace Starling.Server.Control;

/// <summary>Answers one client of the control socket after another: one request, lines of progress, one line on how it ended.</summary>
/// <param name="dataDirectory">The data directory of the broker.</param>
/// <param name="backup">Writes a backup.</param>
/// <param name="logger">Where requests are noted.</param>
/// <param name="timeProvider">For the time that a client has.</param>
internal sealed class ControlService(
    string dataDirectory,
    Func<string, IProgress<StoreProgress>, CancellationToken, Task> backup,
    ILogger logger,
    TimeProvider timeProvider)
{
    /// <summary>How long a client may take to send its request, or to take an answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromMilliseconds(200);

    private int _backups;

    /// <summary>Which user is at the other end; a test says so itself.</summary>
    public Func<Socket, uint?> UserOf { get; init; } = PeerUser.Of;

    /// <summary>Serves a client until it is answered or gone. Nothing that a client does makes this fail.</summary>
    public async Task ServeAsync(Socket client, CancellationToken ending)
    {
        using NetworkStream stream = new(client);
        try
        {
            ControlReply end = await AnswerAsync(client, stream, ending).ConfigureAwait(false);
            await SendAsync(stream, end, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client has gone, or sent or took nothing for too long.
            Log.ControlRefused(logger, e.Message);
        }
    }

    private async Task<ControlReply> AnswerAsync(Socket client, NetworkStream stream, CancellationToken ending)
    {
        uint? user = UserOf(client);
        byte[]? line;
        using (CancellationTokenSource patience = new(Patience, timeProvider))
        using (CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ending))
        {
            line = await ControlLine.ReadAsync(stream, either.Token).ConfigureAwait(false);
        }

        // Not before: what is closed with something unread may lose its last line.
        if (!PeerUser.IsTrusted(user))
        {
            return Refuse("Only the user of the broker and root may use its control socket.");
        }

        ControlRequest? request = Parse(line);
        if (request?.Command != ControlRequest.Backup)
        {
            return Refuse("A request is one line of JSON, such as {\"command\":\"backup\",\"target\":\"/srv/backup\"}.");
        }

        return FindFault(request.Target) is string fault
            ? Refuse(fault)
            : await BackupAloneAsync(stream, request.Target ?? "", user, ending).ConfigureAwait(false);
    }

    private static ControlRequest? Parse(byte[]? line)
    {
        try
        {
            return line is null ? null : JsonSerializer.Deserialize(line, ControlJson.Default.ControlRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string? FindFault(string? target)
    {
        if (target is null || target.Contains('\0', StringComparison.Ordinal) || !Path.IsPathFullyQualified(target))
        {
            return "The target of a backup is the absolute path of a directory.";
        }

        string inside = Path.GetRelativePath(Path.GetFullPath(dataDirectory), Path.GetFullPath(target));
        bool isOutside = inside == ".." || inside.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal) || Path.IsPathRooted(inside);
        return isOutside ? null : $"{target} is in the data directory; a backup goes elsewhere, best onto another disk.";
    }

    private async Task<ControlReply> BackupAloneAsync(NetworkStream stream, string target, uint? user, CancellationToken ending)
    {
        if (Interlocked.CompareExchange(ref _backups, 1, 0) != 0)
        {
            return Refuse("Another backup is under way; try again when it is complete.");
        }

        try
        {
            Log.BackupBegun(logger, target, user);
            await BackupAsync(stream, target, ending).ConfigureAwait(false);
            Log.BackupComplete(logger, target);
            return new ControlReply { State = ControlReply.Complete };
        }
        catch (StoreException e)
        {
            Log.BackupFailed(logger, target, e.Message);
            return new ControlReply { State = ControlReply.Failed, Failure = e.Failure, Message = e.Message };
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return Refuse("The broker stops, so the backup was given up.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            Log.BackupFailed(logger, target, e.Message);
            return new ControlReply { State = ControlReply.Failed, Message = e.Message };
        }
        finally
        {
            Volatile.Write(ref _backups, 0);
        }
    }

    // A client that goes, or says more than it should, gives the backup up.
    private async Task BackupAsync(NetworkStream stream, string target, CancellationToken ending)
    {
        using CancellationTokenSource givenUp = CancellationTokenSource.CreateLinkedTokenSource(ending);
        LatestProgress latest = new();
        Task writing = backup(target, latest, givenUp.Token);
        Task watching = CancelWhenGoneAsync(stream, givenUp);
        try
        {
            await TellProgressAsync(stream, writing, latest, givenUp.Token).ConfigureAwait(false);
        }
        finally
        {
            if (!writing.IsCompleted)
            {
                await givenUp.CancelAsync().ConfigureAwait(false);
            }

            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await givenUp.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }

        await writing.ConfigureAwait(false);
    }

    private async Task TellProgressAsync(NetworkStream stream, Task writing, LatestProgress latest, CancellationToken givenUp)
    {
        using PeriodicTimer timer = new(ProgressPeriod, timeProvider);
        while (!writing.IsCompleted)
        {
            Task<bool> tick = timer.WaitForNextTickAsync(givenUp).AsTask();
            if (await Task.WhenAny(writing, tick).ConfigureAwait(false) == tick)
            {
                await tick.ConfigureAwait(false);
                if (latest.Take() is StoreProgress progress)
                {
                    await SendAsync(stream, new ControlReply { State = ControlReply.InProgress, Progress = progress }, givenUp).ConfigureAwait(false);
                }
            }
        }
    }

    private static async Task CancelWhenGoneAsync(NetworkStream stream, CancellationTokenSource givenUp)
    {
        try
        {
            await stream.ReadAsync(new byte[1], givenUp.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Gone, or not watched any more.
        }

        await givenUp.CancelAsync().ConfigureAwait(false);
    }

    private async Task SendAsync(NetworkStream stream, ControlReply reply, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = new(Patience, timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        await stream.WriteAsync(ControlLine.Write(reply, ControlJson.Default.ControlReply), either.Token).ConfigureAwait(false);
    }

    private ControlReply Refuse(string message)
    {
        Log.ControlRefused(logger, message);
        return new ControlReply { State = ControlReply.Failed, Message = message };
    }
}
