using System.Globalization;
using Starling.Cli.Connections;
using Starling.Cli.Flags;
using Starling.Cli.Progress;
using Starling.Cli.Recordings;
using Starling.Client;
using Starling.Server;

namespace Starling.Cli.Commands;

/// <summary>One run of <c>record</c>: subscribes, connects, and writes until it is told to end.</summary>
internal sealed class Recorder : IDisposable
{
    private static readonly TimeSpan FlushPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(1);

    private readonly RecordSettings _settings;
    private readonly ConnectionSettings _connection;
    private readonly CommandEnvironment _environment;
    private readonly Anonymiser? _anonymiser;
    private readonly OverlapCheck _overlap;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _done;
    private RecordingWriter? _writer;
    private IOException? _failure;
    private long _begun;

    public Recorder(RecordSettings settings, ConnectionSettings connection, CommandEnvironment environment)
    {
        _settings = settings;
        _connection = connection;
        _environment = environment;
        _done = new CancellationTokenSource(Timeout.InfiniteTimeSpan, environment.TimeProvider);
        _overlap = new OverlapCheck(settings.Filters);
        _anonymiser = settings.IsAnonymised ? new Anonymiser(environment.NewKey()) : null;
    }

    public async Task<int> RunAsync(MqttClientOptions options, ProgressMode progress)
    {
        FileStreamOptions creation = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 64 << 10 };
        if (!OperatingSystem.IsWindows())
        {
            creation.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        FileStream file;
        try
        {
            file = new(_settings.File, creation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return _environment.RefuseUsage($"{_settings.File} cannot be made: {e.Message}");
        }

        bool isUsed = false;
        try
        {
            int code = await RecordAsync(options, file, progress).ConfigureAwait(false);
            isUsed = _writer is not null;
            return code;
        }
        finally
        {
            await CloseAsync(file).ConfigureAwait(false);
            if (!isUsed)
            {
                File.Delete(_settings.File);
            }
        }
    }

    public void Dispose() => _done.Dispose();

    // A disk that failed before fails again here, and that has been said.
    private async Task CloseAsync(FileStream file)
    {
        try
        {
            await file.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException) when (_failure is not null)
        {
        }
    }

    private async Task<int> RecordAsync(MqttClientOptions options, FileStream file, ProgressMode progress)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_environment.Interrupted, _done.Token);
        MqttClient client = new(options);
        client.ConnectionChanged += OnConnectionChanged;
        await using (client.ConfigureAwait(false))
        {
            int code = ExitCode.Ok;
            try
            {
                code = await SubscribeAndWriteAsync(client, file, progress, end.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // The usual end, unless nothing had begun.
                code = _writer is null ? ExitCode.Interrupted : ExitCode.Ok;
            }
            catch (MqttException e)
            {
                code = FailureReport.Write(e, _connection, _environment);
            }
            catch (IOException e)
            {
                _failure ??= e;
            }

            int written = Complete();
            await SayGoodbyeAsync(client).ConfigureAwait(false);
            return written == ExitCode.Ok ? code : written;
        }
    }

    private async Task<int> SubscribeAndWriteAsync(MqttClient client, FileStream file, ProgressMode progress, CancellationToken end)
    {
        // Before connecting, so that what a kept session holds finds its subscription.
        List<MqttSubscription> subscriptions = [.. _settings.Filters.Select(filter => client.Subscribe(filter, _settings.Options))];
        ServerInfo server = await client.ConnectAsync(end).ConfigureAwait(false);
        ConnectionTrace.Connected(server, _connection, _environment);
        List<Task> writing = [];
        int refusal = ExitCode.Ok;
        for (int i = 0; i < subscriptions.Count; i++)
        {
            try
            {
                await subscriptions[i].Ready.WaitAsync(end).ConfigureAwait(false);
                Begin(file);
                writing.Add(WriteAsync(subscriptions[i], i, end));
            }
            catch (MqttRejectedException e)
            {
                refusal = FailureReport.WriteRefusal($"the subscription to {_settings.Filters[i]}", e.Reason, _connection, _environment);
                _overlap.Remove(i);
            }
        }

        if (writing.Count == 0)
        {
            return refusal;
        }

        ITimer flushing = _environment.TimeProvider.CreateTimer(_ => Flush(), null, FlushPeriod, FlushPeriod);
        await using (flushing.ConfigureAwait(false))
        {
            using ProgressLine? line = progress == ProgressMode.None
                ? null
                : new ProgressLine(_environment, ProgressLine.MeansLive(progress, _environment), ProgressPeriod, Describe);
            if (_settings.Duration is TimeSpan duration)
            {
                _done.CancelAfter(duration);
            }

            await Task.WhenAll(writing).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    // What came while a session was away, or while other subscriptions are asked for, comes at the begin.
    private void Begin(FileStream file)
    {
        lock (_gate)
        {
            if (_writer is null)
            {
                _begun = _environment.TimeProvider.GetTimestamp();
                _writer = new RecordingWriter(file, new FileHead(_environment.TimeProvider.GetUtcNow(), _settings.IsAnonymised));
            }
        }
    }

    private async Task WriteAsync(MqttSubscription subscription, int place, CancellationToken end)
    {
        await foreach (MqttDelivery delivery in subscription.WithCancellation(end).ConfigureAwait(false))
        {
            if (_overlap.IsTakenBefore(place, delivery))
            {
                continue;
            }

            if (!Append(delivery.Message))
            {
                await _done.CancelAsync().ConfigureAwait(false);
                return;
            }
        }
    }

    // False after the last message.
    private bool Append(MqttMessage message)
    {
        lock (_gate)
        {
            if (_writer is null || _failure is not null || _writer.Messages >= _settings.Count)
            {
                return false;
            }

            try
            {
                _writer.Append(_environment.TimeProvider.GetElapsedTime(_begun), _anonymiser?.Replace(message) ?? message);
                return _writer.Messages != _settings.Count;
            }
            catch (IOException e)
            {
                _failure = e;
                return false;
            }
        }
    }

    private void Flush()
    {
        lock (_gate)
        {
            try
            {
                if (_failure is null)
                {
                    _writer?.Flush();
                }
            }
            catch (IOException e)
            {
                _failure = e;
                _done.Cancel();
            }
        }
    }

    private int Complete()
    {
        lock (_gate)
        {
            if (_writer is null)
            {
                return ExitCode.Ok;
            }

            TimeSpan duration = _environment.TimeProvider.GetElapsedTime(_begun);
            try
            {
                if (_failure is null)
                {
                    _writer.Complete(duration);
                }
            }
            catch (IOException e)
            {
                _failure = e;
            }

            if (_failure is not null)
            {
                FailureReport.WriteLine(
                    $"{_settings.File} cannot be written: {_failure.Message} It can be replayed up to what was written.", _connection, _environment);
                return ExitCode.Unexpected;
            }

            FailureReport.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{_writer.Messages} messages in {duration.TotalSeconds:0.0} s are in {_settings.File}."),
                _connection, _environment);
            return ExitCode.Ok;
        }
    }

    private string? Describe()
    {
        lock (_gate)
        {
            return _writer is null ? null : string.Create(
                CultureInfo.InvariantCulture,
                $"{_environment.Words}: {_environment.TimeProvider.GetElapsedTime(_begun).TotalSeconds:0} s, {_writer.Messages} messages, {SizeWords.Of(_writer.Bytes)}");
        }
    }

    // A second Ctrl+C ends the process, so this one may take its time.
    private async Task SayGoodbyeAsync(MqttClient client)
    {
        try
        {
            await client.DisconnectAsync().ConfigureAwait(false);
        }
        catch (MqttException e)
        {
            if (_connection.IsDebug)
            {
                _environment.Error.WriteLine($"DISCONNECT was not sent: {e.Message}");
            }
        }
    }

    private void OnConnectionChanged(object? sender, ConnectionEvent change)
    {
        if (change.State == ConnectionState.Reconnecting && !_connection.IsDebug)
        {
            string missing = _connection.CleanStart ? " What is published meanwhile is missing in the recording." : "";
            FailureReport.WriteLine($"The connection was lost ({change.Cause?.Message}); trying again.{missing}", _connection, _environment);
        }

        ConnectionTrace.Changed(change, _connection, _environment);
    }
}
