using System.Globalization;
using System.Security.Cryptography;
using Starling.Cli.Connections;
using Starling.Cli.Flags;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Cli.Commands;

/// <summary>One run of <c>rr</c>: subscribes to the response, sends the requests in turn, and prints what comes back.</summary>
internal sealed class Requester(RrSettings settings, ConnectionSettings connection, CommandEnvironment environment)
{
    /// <summary>Names the standard input as a file.</summary>
    public const string StandardInput = "-";

    private const int CorrelationBytes = 8;

    private readonly MessageOutput _output = new(settings.Print, connection, environment);
    private readonly List<double> _milliseconds = [];

    public async Task<int> RunAsync(MqttClientOptions options)
    {
        options.Reconnect.Enabled = false;
        MqttClient client = new(options);
        await using (client.ConfigureAwait(false))
        {
            try
            {
                byte[] payload = await ReadPayloadAsync().ConfigureAwait(false);
                int code = await AskAllAsync(client, payload).ConfigureAwait(false);
                await client.DisconnectAsync(ct: environment.Interrupted).ConfigureAwait(false);
                return code;
            }
            catch (MqttRejectedException e) when (e.Packet == PacketType.SubAck)
            {
                return FailureReport.WriteRefusal($"the subscription to {settings.ResponseTopic}", e.Reason, connection, environment);
            }
            catch (MqttException e)
            {
                return FailureReport.Write(e, connection, environment);
            }
            catch (OperationCanceledException) when (environment.Interrupted.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                FailureReport.WriteLine($"the payload cannot be read: {e.Message}", connection, environment);
                return ExitCode.Unexpected;
            }
        }
    }

    private async Task<int> AskAllAsync(MqttClient client, byte[] payload)
    {
        ServerInfo server = await client.ConnectAsync(environment.Interrupted).ConfigureAwait(false);
        ConnectionTrace.Connected(server, connection, environment);
        SubscribeOptions options = new() { MaximumQos = settings.Request.Qos, Ack = AckMode.OnDelivery, UserProperties = settings.SubscribeProperties };
        MqttSubscription responses = await client.SubscribeAsync(settings.ResponseTopic, options, environment.Interrupted).ConfigureAwait(false);
        int code = ExitCode.Ok;
        for (int i = 0; i < settings.Count && code == ExitCode.Ok; i++)
        {
            code = await AskAsync(client, responses, payload, server).ConfigureAwait(false);
        }

        if (settings.ShowsLatency && _milliseconds.Count > 0)
        {
            environment.WriteText(Summarize());
        }

        return code;
    }

    private async Task<int> AskAsync(MqttClient client, MqttSubscription responses, byte[] payload, ServerInfo server)
    {
        bool isV5 = server.Version == MqttVersion.V5;
        MqttMessage request = settings.Request with
        {
            Payload = payload,
            ResponseTopic = isV5 ? settings.ResponseTopic : null,
            CorrelationData = isV5 && settings.Request.CorrelationData.IsEmpty
                ? RandomNumberGenerator.GetBytes(CorrelationBytes)
                : settings.Request.CorrelationData,
        };
        long begun = environment.TimeProvider.GetTimestamp();
        PublishResult result = await client.TryPublishAsync(request, environment.Interrupted).ConfigureAwait(false);
        if (result.Status == PublishStatus.Refused)
        {
            return FailureReport.WriteRefusal($"the request to {request.Topic}", result.Reason, connection, environment);
        }

        using CancellationTokenSource time = settings.Wait is { } wait
            ? new CancellationTokenSource(wait, environment.TimeProvider)
            : new CancellationTokenSource();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, environment.Interrupted);
        try
        {
            MqttDelivery response = await ReadResponseAsync(responses, request, either.Token).ConfigureAwait(false);
            _milliseconds.Add(environment.TimeProvider.GetElapsedTime(begun).TotalMilliseconds);
            if (!settings.ShowsLatency)
            {
                _output.Print(response, server);
            }

            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            FailureReport.WriteLine($"Timed out: there was no response on {settings.ResponseTopic} for {settings.Wait?.TotalSeconds} s.", connection, environment);
            return ExitCode.TimedOut;
        }
    }

    // One that answers another request is left out; one without correlation data may be the answer of a simple responder.
    private static async Task<MqttDelivery> ReadResponseAsync(MqttSubscription responses, MqttMessage request, CancellationToken ct)
    {
        while (true)
        {
            MqttDelivery response = await responses.ReadAsync(ct).ConfigureAwait(false);
            ReadOnlySpan<byte> correlation = response.Message.CorrelationData.Span;
            if (correlation.IsEmpty || correlation.SequenceEqual(request.CorrelationData.Span))
            {
                return response;
            }
        }
    }

    private async Task<byte[]> ReadPayloadAsync()
    {
        switch (settings.PayloadFile)
        {
            case null:
                return settings.Request.Payload.ToArray();
            case StandardInput:
                using (MemoryStream content = new())
                {
                    await environment.Input.CopyToAsync(content, environment.Interrupted).ConfigureAwait(false);
                    return content.ToArray();
                }

            default:
                return await File.ReadAllBytesAsync(settings.PayloadFile, environment.Interrupted).ConfigureAwait(false);
        }
    }

    private string Summarize()
    {
        _milliseconds.Sort();
        double At(double share) => _milliseconds[(int)Math.Ceiling(share * _milliseconds.Count) - 1];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_milliseconds.Count} responses: min {_milliseconds[0]:0.000} ms, p50 {At(0.5):0.000} ms, p90 {At(0.9):0.000} ms, p99 {At(0.99):0.000} ms, max {_milliseconds[^1]:0.000} ms");
    }
}
