using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Starling.Server.Control;
using Starling.Storage;

namespace Starling.Server.Tests.Control;

public sealed class ControlSocketTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProgressStep = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PatienceForStep = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private Func<string, IProgress<StoreProgress>, CancellationToken, Task> _backup = static (_, _, _) => Task.CompletedTask;

    public static TheoryData<string> WrongRequests =>
    [
        "\n",
        "garbage\n",
        "\0\0\0\n",
        "[1,2]\n",
        "{}\n",
        "{\"command\":\"stop\"}\n",
        "{\"command\":\"backup\"}\n",
        "{\"command\":\"backup\",\"target\":7}\n",
        "{\"command\":\"backup\",\"target\":\"\"}\n",
        "{\"command\":\"backup\",\"target\":\"relative/path\"}\n",
        "{\"command\":\"backup\",\"target\":\"/a\\u0000b\"}\n",
        "{\"command\":\"backup\",\"target\":\"/srv/x\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        new string('x', ControlLine.BytesMax),
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Target => Path.Join(Path.GetTempPath(), "starling-backup-that-nobody-writes");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Socket_is_for_its_owner_alone_and_goes_with_the_broker()
    {
        string path = ControlPath.In(_folder.Path);
        await using (Start())
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "rights are another thing there.");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Rights.Of(path));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Backup_is_asked_for_by_its_absolute_path_and_ends_when_it_is_complete()
    {
        string? asked = null;
        TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _backup = (target, _, _) =>
        {
            asked = target;
            begun.SetResult();
            return complete.Task;
        };
        await using ControlSocket socket = Start();

        Task backup = ControlClient.BackupAsync(_folder.Path, Target, null, Cancelled);
        await begun.Task.WaitAsync(Limit, Cancelled);
        bool wasOpen = !backup.IsCompleted;
        complete.SetResult();
        await backup.WaitAsync(Limit, Cancelled);

        Assert.True(wasOpen);
        Assert.Equal(Target, asked);
    }

    [Fact]
    public async Task Progress_is_told_on_the_way()
    {
        TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource reported = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _backup = (_, progress, cancellation) =>
        {
            progress.Report(new StoreProgress("copying", 3, 9, 1));
            reported.SetResult();
            return complete.Task.WaitAsync(cancellation);
        };
        FirstProgress told = new();
        await using ControlSocket socket = Start();

        Task backup = ControlClient.BackupAsync(_folder.Path, Target, told, Cancelled);
        await reported.Task.WaitAsync(Limit, Cancelled);
        await AdvanceSlowlyUntilAsync(told.First);
        complete.SetResult();
        await backup.WaitAsync(Limit, Cancelled);

        Assert.Equal(new StoreProgress("copying", 3, 9, 1), await told.First);
    }

    [Fact]
    public async Task Failure_of_the_storage_comes_back_as_it_was()
    {
        _backup = static (_, _, _) => Task.FromException(new StoreException(StoreFailure.NotEmpty, "it is not empty"));
        await using ControlSocket socket = Start();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => ControlClient.BackupAsync(_folder.Path, Target, null, Cancelled));

        Assert.Equal((StoreFailure.NotEmpty, "it is not empty"), (failure.Failure, failure.Message));
    }

    [Theory, MemberData(nameof(WrongRequests))]
    public async Task Wrong_request_gets_one_line_and_does_no_harm(string request)
    {
        await using ControlSocket socket = Start();

        string answer = await AskAsync(request);

        Assert.Contains("\"state\":\"failed\"", answer, StringComparison.Ordinal);
        Assert.Single(answer.TrimEnd('\n').Split('\n'));
        await ControlClient.BackupAsync(_folder.Path, Target, null, Cancelled).WaitAsync(Limit, Cancelled);
    }

    [Fact]
    public async Task Target_in_the_data_directory_is_refused()
    {
        await using ControlSocket socket = Start();

        ControlException refusal = await Assert.ThrowsAsync<ControlException>(
            () => ControlClient.BackupAsync(_folder.Path, _folder.At("backup"), null, Cancelled));

        Assert.Equal(ControlFailure.Refused, refusal.Failure);
        Assert.Contains("is in the data directory", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_sends_nothing_is_cut_off()
    {
        await using ControlSocket socket = Start();
        using Socket client = await ConnectAsync();

        Task<int> end = client.ReceiveAsync(new byte[1], Cancelled).AsTask();
        await AdvanceUntilAsync(end);

        Assert.Equal(0, await end);
    }

    [Fact]
    public async Task Client_that_goes_gives_the_backup_up()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _backup = async (_, _, cancellation) =>
        {
            using CancellationTokenRegistration registration = cancellation.Register(givenUp.SetResult);
            begun.SetResult();
            await givenUp.Task;
            cancellation.ThrowIfCancellationRequested();
        };
        await using ControlSocket socket = Start();
        using CancellationTokenSource interrupted = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);

        Task backup = ControlClient.BackupAsync(_folder.Path, Target, null, interrupted.Token);
        await begun.Task.WaitAsync(Limit, Cancelled);
        await interrupted.CancelAsync();

        await givenUp.Task.WaitAsync(Limit, Cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => backup);
    }

    [Fact]
    public async Task Second_backup_at_a_time_is_refused()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _backup = (_, _, _) =>
        {
            begun.SetResult();
            return complete.Task;
        };
        await using ControlSocket socket = Start();
        Task first = ControlClient.BackupAsync(_folder.Path, Target, null, Cancelled);
        await begun.Task.WaitAsync(Limit, Cancelled);

        ControlException refusal = await Assert.ThrowsAsync<ControlException>(
            () => ControlClient.BackupAsync(_folder.Path, Target, null, Cancelled));
        complete.SetResult();
        await first.WaitAsync(Limit, Cancelled);

        Assert.Contains("Another backup is under way", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broker_that_stops_gives_the_backup_up_and_says_so()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _backup = async (_, _, cancellation) =>
        {
            TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration registration = cancellation.Register(stopped.SetResult);
            begun.SetResult();
            await stopped.Task;
            cancellation.ThrowIfCancellationRequested();
        };
        ControlSocket socket = Start();
        Task backup = ControlClient.BackupAsync(_folder.Path, Target, null, Cancelled);
        await begun.Task.WaitAsync(Limit, Cancelled);

        await socket.DisposeAsync();

        ControlException refusal = await Assert.ThrowsAsync<ControlException>(() => backup);
        Assert.Contains("The broker stops", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_user_is_refused()
    {
        await using ControlSocket socket = Start(user: uint.MaxValue - 1);

        ControlException refusal = await Assert.ThrowsAsync<ControlException>(
            () => ControlClient.BackupAsync(_folder.Path, Target, null, Cancelled));

        Assert.Equal(ControlFailure.Refused, refusal.Failure);
        Assert.Contains("Only the user of the broker and root", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, 1000, true)]
    [InlineData(0, 1000, true)]
    [InlineData(1001, 1000, false)]
    [InlineData(1000, 0, false)]
    public void Only_the_same_user_and_root_are_trusted(uint user, uint own, bool isTrusted) => Assert.Equal(isTrusted, PeerUser.IsTrusted(user, own));

    [Fact]
    public async Task System_tells_that_this_process_is_the_same_user()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells who is at the other end.");
        uint? user = null;
        _backup = static (_, _, _) => Task.CompletedTask;
        ControlService service = new(_folder.Path, _backup, NullLogger.Instance, _time)
        {
            UserOf = socket => user = PeerUser.Of(socket),
        };
        await using ControlSocket? control = ControlSocket.Start(_folder.Path, service, NullLogger.Instance, _time);

        await ControlClient.BackupAsync(_folder.Path, Target, null, Cancelled).WaitAsync(Limit, Cancelled);

        Assert.NotNull(user);
        Assert.True(PeerUser.IsTrusted(user));
    }

    [Fact]
    public async Task Socket_of_a_process_that_has_ended_is_replaced()
    {
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(ControlPath.In(_folder.Path)));
        }

        await File.WriteAllTextAsync(ControlPath.In(_folder.Path), "", Cancelled);
        await using ControlSocket socket = Start();

        await ControlClient.BackupAsync(_folder.Path, Target, null, Cancelled).WaitAsync(Limit, Cancelled);
    }

    [Fact]
    public async Task Nobody_there_is_said_with_the_directory()
    {
        ControlException refusal = await Assert.ThrowsAsync<ControlException>(
            () => ControlClient.BackupAsync(_folder.Path, Target, null, Cancelled));

        Assert.Equal(ControlFailure.NoBroker, refusal.Failure);
        Assert.StartsWith($"No broker runs on {_folder.Path}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_too_long_for_a_socket_leaves_the_broker_without_one()
    {
        string directory = Directory.CreateDirectory(_folder.At(new string('d', 120))).FullName;
        ControlService service = new(directory, _backup, NullLogger.Instance, _time);

        Assert.Null(ControlSocket.Start(directory, service, NullLogger.Instance, _time));
        ControlException refusal = await Assert.ThrowsAsync<ControlException>(() => ControlClient.BackupAsync(directory, Target, null, Cancelled));
        Assert.Contains("longer than the 107 bytes", refusal.Message, StringComparison.Ordinal);
    }

    private ControlSocket Start(uint? user = null)
    {
        ControlService service = new(_folder.Path, (t, p, c) => _backup(t, p, c), NullLogger.Instance, _time)
        {
            UserOf = user is null ? PeerUser.Of : _ => user,
        };
        ControlSocket? socket = ControlSocket.Start(_folder.Path, service, NullLogger.Instance, _time);
        Assert.NotNull(socket);
        return socket;
    }

    private async Task<Socket> ConnectAsync()
    {
        Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(ControlPath.In(_folder.Path)), Cancelled);
        return client;
    }

    // All that the other side sends until it closes.
    private async Task<string> AskAsync(string request)
    {
        using Socket client = await ConnectAsync();
        await client.SendAsync(Encoding.UTF8.GetBytes(request), Cancelled);
        using NetworkStream stream = new(client);
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync(Cancelled).WaitAsync(Limit, Cancelled);
    }

    // The other side may not have begun to wait yet, so time goes on until it has seen it.
    private async Task AdvanceUntilAsync(Task done)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(Limit);
        while (!done.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    // What is sent has its own limit of time, so time waits for what the last step sent, and only a step that came too early is repeated.
    private async Task AdvanceSlowlyUntilAsync(Task done)
    {
        while (!done.IsCompleted)
        {
            _time.Advance(ProgressStep);
            try
            {
                await done.WaitAsync(PatienceForStep, Cancelled);
            }
            catch (TimeoutException)
            {
                // It came before the other side had begun to wait.
            }
        }
    }

    private sealed class FirstProgress : IProgress<StoreProgress>
    {
        private readonly TaskCompletionSource<StoreProgress> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<StoreProgress> First => _first.Task;

        public void Report(StoreProgress value) => _first.TrySetResult(value);
    }
}
