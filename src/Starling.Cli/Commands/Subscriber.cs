using System.Text;
using Starling.Cli.Connections;
using Starling.Cli.Flags;
using Starling.Client;
using Starling.Protocol.Topics;
using TopicMatch = Starling.Protocol.Topics.TopicFilter;

namespace Starling.Cli.Commands;

/// <summary>One run of <c>sub</c>: subscribes, connects, and prints until it is told to end.</summary>
internal sealed class Subscriber(SubSettings settings, ConnectionSettings connection, CommandEnvironment environment) : IDisposable
{
    private const double AllMessages = 100;

    private readonly MessageOutput _output = new(settings.Print, connection, environment);
    private readonly TopicStats _stats = new(environment);
    private readonly Random? _random = settings.RandomFilter < AllMessages ? new Random(environment.NewSeed()) : null;
    private readonly byte[][] _leftOut = [.. settings.LeftOut.Select(Encoding.UTF8.GetBytes)];
    private readonly SemaphoreSlim _printing = new(1);
    private readonly CancellationTokenSource _done = new();
    private long _remaining = settings.Count ?? long.MaxValue;

    public async Task<int> RunAsync(MqttClientOptions options)
    {
        options.Reconnect.Enabled = settings.Reconnects;
        using CancellationTokenSource time = settings.Wait is TimeSpan wait
            ? new CancellationTokenSource(wait, environment.TimeProvider)
            : new CancellationTokenSource();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(time.Token, environment.Interrupted, _done.Token);
        MqttClient client = new(options);
        client.ConnectionChanged += OnConnectionChanged;
        await using (client.ConfigureAwait(false))
        {
            try
            {
                int code = await SubscribeAndPrintAsync(client, end.Token).ConfigureAwait(false);
                await client.DisconnectAsync(ct: environment.Interrupted).ConfigureAwait(false);
                return code;
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                await SayGoodbyeAsync(client).ConfigureAwait(false);
                return CodeAtEnd(time.IsCancellationRequested);
            }
            catch (MqttException e)
            {
                return FailureReport.Write(e, connection, environment);
            }
        }
    }

    public void Dispose()
    {
        _printing.Dispose();
        _done.Dispose();
    }

    private async Task<int> SubscribeAndPrintAsync(MqttClient client, CancellationToken end)
    {
        // Before connecting, so that what a kept session holds finds its subscription.
        List<MqttSubscription> subscriptions = [.. settings.Filters.Select(f => client.Subscribe(f, settings.Options))];
        ServerInfo server = await client.ConnectAsync(end).ConfigureAwait(false);
        ConnectionTrace.Connected(server, connection, environment);
        using CancellationTokenSource counted = CancellationTokenSource.CreateLinkedTokenSource(end);
        Task counting = settings.Print.IsStats ? _stats.RunAsync(counted.Token) : Task.CompletedTask;
        try
        {
            return await PrintAllAsync(client, subscriptions, end).ConfigureAwait(false);
        }
        finally
        {
            await counted.CancelAsync().ConfigureAwait(false);
            await counting.ConfigureAwait(false);
        }
    }

    private async Task<int> PrintAllAsync(MqttClient client, List<MqttSubscription> subscriptions, CancellationToken end)
    {
        List<Task> printing = [];
        List<byte[]> granted = [];
        int refusal = ExitCode.Ok;
        foreach ((MqttSubscription subscription, string filter) in subscriptions.Zip(settings.Filters))
        {
            try
            {
                await subscription.Ready.WaitAsync(end).ConfigureAwait(false);
                printing.Add(settings.EndsSubscribed ? Task.CompletedTask : PrintAsync(client, subscription, [.. granted], end));
                granted.Add(MatchedPart(filter));
            }
            catch (MqttRejectedException e)
            {
                refusal = FailureReport.WriteRefusal($"the subscription to {filter}", e.Reason, connection, environment);
            }
        }

        // As long as one subscription stands there is something to print.
        if (printing.Count > 0)
        {
            await Task.WhenAll(printing).ConfigureAwait(false);
            return ExitCode.Ok;
        }

        return refusal;
    }

    private async Task PrintAsync(MqttClient client, MqttSubscription subscription, byte[][] earlier, CancellationToken end)
    {
        await foreach (MqttDelivery delivery in subscription.WithCancellation(end).ConfigureAwait(false))
        {
            await _printing.WaitAsync(end).ConfigureAwait(false);
            try
            {
                bool isLast = !IsPrintedBy(earlier, delivery) && !await TakeOneAsync(client, delivery).ConfigureAwait(false);
                await delivery.AckAsync(CancellationToken.None).ConfigureAwait(false);
                if (isLast)
                {
                    await _done.CancelAsync().ConfigureAwait(false);
                    return;
                }
            }
            finally
            {
                _printing.Release();
            }
        }
    }

    // One copy for several overlapping filters is given to each of them; the first one prints it. A copy that names one subscription is
    // that one's own.
    private static bool IsPrintedBy(byte[][] earlier, MqttDelivery delivery)
    {
        if (earlier.Length == 0 || delivery.SubscriptionIdentifiers.Count == 1)
        {
            return false;
        }

        byte[] topic = Encoding.UTF8.GetBytes(delivery.Message.Topic);
        return earlier.Any(filter => TopicMatch.Matches(filter, topic));
    }

    private static byte[] MatchedPart(string filter)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(filter);
        return SharedFilter.TryParse(bytes, out _, out ReadOnlySpan<byte> matched) ? matched.ToArray() : bytes;
    }

    /// <summary>Prints a message that is wanted; false after the last one.</summary>
    private async Task<bool> TakeOneAsync(MqttClient client, MqttDelivery delivery)
    {
        MqttMessage message = delivery.Message;
        if (settings.IsRetainedOnly && !message.Retain)
        {
            return false;
        }

        if ((settings.IsFreshOnly && message.Retain) || IsLeftOut(message.Topic))
        {
            return true;
        }

        if (settings.RemovesRetained && message.Retain)
        {
            MqttMessage removal = new() { Topic = message.Topic, Qos = Protocol.QualityOfService.AtLeastOnce, Retain = true };
            PublishResult result = await client.TryPublishAsync(removal, environment.Interrupted).ConfigureAwait(false);
            if (result.Status == PublishStatus.Refused)
            {
                FailureReport.WriteRefusal($"to clear {message.Topic}", result.Reason, connection, environment);
            }
        }

        Show(client, delivery);
        return --_remaining > 0;
    }

    private void Show(MqttClient client, MqttDelivery delivery)
    {
        if (_random is not null && _random.NextDouble() * AllMessages >= settings.RandomFilter)
        {
            return;
        }

        if (settings.Print.IsStats)
        {
            _stats.Count(delivery.Message.Topic, delivery.Message.Payload.Length);
        }
        else if (client.Server is { } server)
        {
            _output.Print(delivery, server);
        }
    }

    private bool IsLeftOut(string topic)
    {
        if (_leftOut.Length == 0)
        {
            return false;
        }

        byte[] name = Encoding.UTF8.GetBytes(topic);
        return _leftOut.Any(filter => TopicMatch.Matches(filter, name));
    }

    private int CodeAtEnd(bool isTimeOver)
    {
        if (_done.IsCancellationRequested || environment.Interrupted.IsCancellationRequested || !isTimeOver)
        {
            return ExitCode.Ok;
        }

        FailureReport.WriteLine($"Timed out after {settings.Wait?.TotalSeconds} s.", connection, environment);
        return ExitCode.TimedOut;
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
            if (connection.IsDebug)
            {
                environment.Error.WriteLine($"DISCONNECT was not sent: {e.Message}");
            }
        }
    }

    private void OnConnectionChanged(object? sender, ConnectionEvent change)
    {
        if (change.State == ConnectionState.Reconnecting && !connection.IsDebug)
        {
            FailureReport.WriteLine($"The connection was lost ({change.Cause?.Message}); trying again.", connection, environment);
        }

        ConnectionTrace.Changed(change, connection, environment);
    }
}
