using System.Globalization;
using System.Text;
using Starling.Cli.Connections;
using Starling.Cli.Flags;
using Starling.Cli.Progress;
using Starling.Cli.Recordings;
using Starling.Client;
using Starling.Protocol.Topics;

namespace Starling.Cli.Commands;

/// <summary>One run of <c>replay</c>: connects, publishes at the recorded times, and waits for what is under way.</summary>
internal sealed class Replayer(ReplaySettings settings, RecordingReader recording, ConnectionSettings connection, CommandEnvironment environment)
{
    // The shortest round of --loop.
    private static readonly TimeSpan RoundMin = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(1);

    private readonly ReplayPace _pace = new(environment.TimeProvider, settings.Speed);
    private readonly Queue<(TimeSpan Time, Task<PublishResult> Publish)> _underWay = new();
    private long _published;
    private long _refused;
    private long _positionTicks;
    private int _exitCode = ExitCode.Ok;

    public async Task<int> RunAsync(MqttClientOptions options, ProgressMode progress)
    {
        if (FindObstacle() is int code)
        {
            return code;
        }

        options.Reconnect.Enabled = false;
        MqttClient client = new(options);
        await using (client.ConfigureAwait(false))
        {
            try
            {
                ServerInfo server = await client.ConnectAsync(environment.Interrupted).ConfigureAwait(false);
                ConnectionTrace.Connected(server, connection, environment);
                using (ProgressLine? line = progress == ProgressMode.None
                    ? null
                    : new ProgressLine(environment, ProgressLine.MeansLive(progress, environment), ProgressPeriod, Describe))
                {
                    await ReplayAsync(client).ConfigureAwait(false);
                    await TakeResultsAsync(0).ConfigureAwait(false);
                }

                await client.DisconnectAsync(ct: environment.Interrupted).ConfigureAwait(false);
            }
            catch (MqttException e)
            {
                _exitCode = FailureReport.Write(e, connection, environment);
                SayWhereToGoOn();
            }
            catch (OperationCanceledException) when (environment.Interrupted.IsCancellationRequested)
            {
                _exitCode = ExitCode.Interrupted;
                SayWhereToGoOn();
            }
        }

        Sum();
        return _exitCode;
    }

    // Before anybody is connected to.
    private int? FindObstacle()
    {
        try
        {
            recording.Seek(settings.From);
            return recording.Next() is RecordedMessage first && !(first.Time > settings.To) ? null : environment.RefuseUsage(ExplainNothing());
        }
        catch (RecordingException e)
        {
            FailureReport.WriteLine(e.Message, connection, environment);
            return ExitCode.ProblemsFound;
        }
    }

    private string ExplainNothing() =>
        settings.From > TimeSpan.Zero || settings.To is not null ? $"{settings.File} has no message in this range. Look at --from and --to."
        : recording.CutAt is long offset ? $"{settings.File} was cut off at offset {offset}, before its first message."
        : $"{settings.File} holds no message.";

    private async Task ReplayAsync(MqttClient client)
    {
        TimeSpan round = TimeSpan.Zero;
        TimeSpan last = settings.From;
        _pace.Begin();
        do
        {
            try
            {
                recording.Seek(settings.From);
                while (recording.Next() is RecordedMessage next && !(next.Time > settings.To))
                {
                    last = next.Time;
                    await _pace.WaitAsync(round + next.Time - settings.From, environment.Interrupted).ConfigureAwait(false);
                    await PublishAsync(client, next).ConfigureAwait(false);
                }
            }
            catch (RecordingException e)
            {
                FailureReport.WriteLine(e.Message, connection, environment);
                _exitCode = ExitCode.ProblemsFound;
                return;
            }

            // The silence at the end belongs to a round too. Without an end it is not known how long that was, and a round is never over at once.
            TimeSpan end = recording.End is RecordingEnd known ? TimeSpan.FromMicroseconds(known.Microseconds) : settings.To ?? last + RoundMin;
            TimeSpan length = (settings.To < end ? settings.To.Value : end) - settings.From;
            round += length > RoundMin ? length : RoundMin;
        }
        while (settings.Loops);
    }

    private async Task PublishAsync(MqttClient client, RecordedMessage next)
    {
        string topic = settings.Topics.Map(next.Message.Topic);
        if (!TopicName.IsValid(Encoding.UTF8.GetBytes(topic)))
        {
            throw new RecordingException($"the message at {Seconds(next.Time)} would go to the topic '{topic}', which is none. Look at --map.");
        }

        await TakeResultsAsync(settings.InFlightMax - 1).ConfigureAwait(false);
        MqttMessage message = next.Message with { Topic = topic, Qos = settings.Qos ?? next.Message.Qos, Retain = settings.Retain ?? next.Message.Retain };
        _underWay.Enqueue((next.Time, client.TryPublishAsync(message, environment.Interrupted).AsTask()));
        Interlocked.Increment(ref _published);
        Volatile.Write(ref _positionTicks, next.Time.Ticks);
    }

    private async Task TakeResultsAsync(int remaining)
    {
        while (_underWay.Count > remaining)
        {
            PublishResult result = await _underWay.Peek().Publish.ConfigureAwait(false);
            TimeSpan time = _underWay.Dequeue().Time;
            if (result.Status == PublishStatus.Refused && ++_refused == 1)
            {
                _exitCode = FailureReport.WriteRefusal($"the message at {Seconds(time)}", result.Reason, connection, environment);
            }
        }
    }

    // Nothing is resumed by itself: whoever goes on decides what is published twice.
    private void SayWhereToGoOn()
    {
        foreach ((_, Task<PublishResult> publish) in _underWay)
        {
            _ = publish.Exception;
        }

        if (_published > 0)
        {
            TimeSpan first = _underWay.TryPeek(out (TimeSpan Time, Task<PublishResult> Publish) open) ? open.Time : new TimeSpan(_positionTicks);
            FailureReport.WriteLine($"{_published} messages were published. To go on: --from {Seconds(first)}", connection, environment);
        }
    }

    private void Sum()
    {
        if (recording.CutAt is long offset)
        {
            FailureReport.WriteLine(
                $"{settings.File} has no end: it was cut off at offset {offset}, and all before it was read.", connection, environment);
        }

        if (_refused > 1)
        {
            FailureReport.WriteLine($"{_refused} messages were refused.", connection, environment);
        }

        string late = double.IsPositiveInfinity(settings.Speed) ? "" : string.Create(CultureInfo.InvariantCulture, $", at most {_pace.Latest.TotalMilliseconds:0.0} ms late");
        FailureReport.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{_published} messages in {_pace.Elapsed.TotalSeconds:0.0} s{late}."), connection, environment);
    }

    private string? Describe()
    {
        long published = Interlocked.Read(ref _published);
        TimeSpan position = new(Volatile.Read(ref _positionTicks));
        string total = recording.End is RecordingEnd end ? $" of {Seconds(TimeSpan.FromMicroseconds(end.Microseconds))}" : "";
        string late = double.IsPositiveInfinity(settings.Speed) ? "" : string.Create(CultureInfo.InvariantCulture, $", {_pace.Now.TotalMilliseconds:0} ms late");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{environment.Words}: at {Seconds(position)}{total}, {published} messages, {published / Math.Max(_pace.Elapsed.TotalSeconds, 0.001):0}/s{late}");
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.######}s");
}
