using System.Text;
using Starling.Cli.Connections;
using Starling.Cli.Flags;
using Starling.Client;

namespace Starling.Cli.Commands;

/// <summary>One run of <c>pub</c>: connects, publishes in order, waits for every acknowledgement, disconnects.</summary>
internal sealed class Publisher(PubSettings settings, ConnectionSettings connection, CommandEnvironment environment)
{
    private readonly Queue<Task<PublishResult>> _underWay = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _exitCode = ExitCode.Ok;
    private long? _begun;
    private long _published;

    public async Task<int> RunAsync(MqttClientOptions options, byte[]? fileContent)
    {
        options.Reconnect.Enabled = false;
        MqttClient client = new(options);
        client.ConnectionChanged += OnConnectionChanged;
        await using (client.ConfigureAwait(false))
        {
            try
            {
                ServerInfo server = await client.ConnectAsync(environment.Interrupted).ConfigureAwait(false);
                ConnectionTrace.Connected(server, connection, environment);
                await PublishAllAsync(client, fileContent).ConfigureAwait(false);
                await TakeResultsAsync(0).ConfigureAwait(false);
                await client.DisconnectAsync(ct: environment.Interrupted).ConfigureAwait(false);
                return _exitCode;
            }
            catch (MqttException e)
            {
                return FailureReport.Write(e, connection, environment);
            }
            catch (OperationCanceledException) when (environment.Interrupted.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }
            catch (FormatException e)
            {
                FailureReport.WriteLine($"--format: {e.Message}", connection, environment);
                return ExitCode.Usage;
            }
            catch (IOException e)
            {
                FailureReport.WriteLine($"the standard input cannot be read: {e.Message}", connection, environment);
                return ExitCode.Unexpected;
            }
        }
    }

    private async Task PublishAllAsync(MqttClient client, byte[]? fileContent)
    {
        if (settings.Source == PayloadSource.Lines)
        {
            LineReader lines = new(environment.Input);
            while (await ReadAsync(lines.ReadAsync(environment.Interrupted).AsTask()).ConfigureAwait(false) is byte[] line)
            {
                await PublishAsync(client, line).ConfigureAwait(false);
            }

            return;
        }

        byte[] payload = settings.Source switch
        {
            PayloadSource.Text => Encoding.UTF8.GetBytes(settings.Text),
            PayloadSource.Input => await ReadAsync(ReadInputAsync()).ConfigureAwait(false),
            _ => fileContent ?? [],
        };
        for (int i = 0; i < settings.Repetitions; i++)
        {
            if (i > 0 && settings.RepeatDelay > TimeSpan.Zero)
            {
                await Task.Delay(settings.RepeatDelay, environment.TimeProvider, environment.Interrupted).ConfigureAwait(false);
            }

            await PublishAsync(client, payload).ConfigureAwait(false);
        }
    }

    private async Task PublishAsync(MqttClient client, byte[] given)
    {
        byte[] payload = settings.Form.Decode(given);
        await KeepRateAsync().ConfigureAwait(false);
        await TakeResultsAsync(settings.InFlightMax - 1).ConfigureAwait(false);
        _underWay.Enqueue(client.TryPublishAsync(settings.Template with { Payload = payload }, environment.Interrupted).AsTask());
    }

    // By when a message is due from the first one on, so that the pauses add up to the rate.
    private async Task KeepRateAsync()
    {
        if (settings.RatePerSecond is not { } rate)
        {
            return;
        }

        _begun ??= environment.TimeProvider.GetTimestamp();
        TimeSpan pause = TimeSpan.FromSeconds(_published++ / rate) - environment.TimeProvider.GetElapsedTime(_begun.Value);
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, environment.TimeProvider, environment.Interrupted).ConfigureAwait(false);
        }
    }

    private async Task TakeResultsAsync(int remaining)
    {
        while (_underWay.Count > remaining)
        {
            PublishResult result = await _underWay.Dequeue().ConfigureAwait(false);
            ConnectionTrace.Published(settings.Template, result, connection, environment);
            if (result.Status == PublishStatus.Refused)
            {
                _exitCode = FailureReport.WriteRefusal($"the message to {settings.Template.Topic}", result.Reason, connection, environment);
            }
        }
    }

    // A read of a terminal or a pipe cannot be called back, so neither Ctrl+C nor the end of the connection may wait for it.
    private async Task<T> ReadAsync<T>(Task<T> reading)
    {
        Task first = await Task.WhenAny(reading, _lost.Task).WaitAsync(environment.Interrupted).ConfigureAwait(false);
        await first.ConfigureAwait(false);
        return await reading.ConfigureAwait(false);
    }

    private void OnConnectionChanged(object? sender, ConnectionEvent change)
    {
        if (change is { State: ConnectionState.Faulted, Cause: MqttException cause })
        {
            _lost.TrySetException(cause);

            // Nobody may be reading; then the next publish tells.
            _ = _lost.Task.Exception;
        }
    }

    private async Task<byte[]> ReadInputAsync()
    {
        using MemoryStream content = new();
        await environment.Input.CopyToAsync(content, environment.Interrupted).ConfigureAwait(false);
        return content.ToArray();
    }
}
