using System.Diagnostics;
using System.Diagnostics.Metrics;
using Starling.Protocol;

namespace Starling.Client.Telemetry;

/// <summary>The metrics and traces of one client, under the names of docs/client/telemetry.md. Any thread.</summary>
internal sealed class ClientTelemetry : IDisposable
{
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    private readonly ActivitySource _source = new(TelemetryNames.Source);
    private readonly Meter? _ownMeter;
    private readonly Histogram<double> _operations;
    private readonly Histogram<double> _processing;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _consumed;
    private readonly Counter<long> _reconnects;
    private readonly Counter<long> _dropped;
    private readonly TimeProvider _time;
    private volatile ServerInfo? _server;
    private volatile bool _isDisposed;

    public ClientTelemetry(IMeterFactory? factory, TimeProvider time, TelemetryGauges gauges)
    {
        _time = time;
        _ownMeter = factory is null ? new Meter(TelemetryNames.Source) : null;
        Meter meter = factory?.Create(new MeterOptions(TelemetryNames.Source)) ?? _ownMeter ?? new Meter(TelemetryNames.Source);
        _operations = meter.CreateHistogram("messaging.client.operation.duration", "s", "Duration of an operation of the client.", null, Durations);
        _processing = meter.CreateHistogram("messaging.process.duration", "s", "Duration of handling one message.", null, Durations);
        _sent = meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "Messages given to publish.");
        _consumed = meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Messages handed to the application.");
        _reconnects = meter.CreateCounter<long>("mqtt.client.reconnects", "{connection}", "Connections after the first one.");
        _dropped = meter.CreateCounter<long>("mqtt.client.dropped.messages", "{message}", "Messages given up.");
        meter.CreateObservableUpDownCounter("mqtt.client.connections", () => ObserveState(gauges.State), "{connection}", "Clients by their state.");
        meter.CreateObservableUpDownCounter("mqtt.client.inflight", () => Observe(gauges.Inflight), "{message}", "Messages sent and not acknowledged by the server.");
        meter.CreateObservableUpDownCounter(
            "mqtt.client.outbox.messages", () => Observe(() => gauges.Outbox().Messages), "{message}", "Messages in the outbox.");
        meter.CreateObservableUpDownCounter("mqtt.client.outbox.bytes", () => Observe(() => gauges.Outbox().Bytes), "By", "Bytes in the outbox.");
        meter.CreateObservableUpDownCounter(
            "mqtt.client.ack.held", () => Observe(gauges.HeldAcknowledgements), "{message}", "Acknowledgements that wait for that of an earlier message.");
    }

    /// <summary>Whether anybody wants to know of publishes: the one branch of those who publish.</summary>
    public bool IsPublishOn => _source.HasListeners() || _operations.Enabled || _sent.Enabled;

    /// <summary>Whether anybody wants to know of deliveries.</summary>
    public bool IsDeliveryOn => _source.HasListeners() || _operations.Enabled || _consumed.Enabled || _processing.Enabled;

    /// <summary>For <see cref="GetSeconds"/>.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>Seconds since a moment.</summary>
    public double GetSeconds(long since) => _time.GetElapsedTime(since).TotalSeconds;

    /// <summary>A connection is up.</summary>
    public void Connected(ServerInfo server)
    {
        if (_server is not null)
        {
            _reconnects.Add(1, new KeyValuePair<string, object?>(TelemetryNames.System, TelemetryNames.Mqtt));
        }

        _server = server;
    }

    public void Dropped(DropReason reason, long messages) =>
        _dropped.Add(messages, new(TelemetryNames.System, TelemetryNames.Mqtt), new("reason", NameOf(reason)));

    /// <summary>A publish is over.</summary>
    public void Published(in Operation operation, QualityOfService qos, double seconds, string? error)
    {
        TagList tags = Tags(operation, error);
        tags.Add(TelemetryNames.Qos, (int)qos);
        _sent.Add(1, tags);
        _operations.Record(seconds, tags);
    }

    /// <summary>A message was handed to the application.</summary>
    public void Consumed(in Operation operation) => _consumed.Add(1, Tags(operation, null));

    /// <summary>A message was handled.</summary>
    public void Processed(in Operation operation, double seconds, string? error) => _processing.Record(seconds, Tags(operation, error));

    /// <summary>A subscription was granted or refused.</summary>
    public void Subscribed(MqttSubscription subscription, long begun, Exception? fault)
    {
        if (_operations.Enabled)
        {
            Operation operation = new(TelemetryNames.Subscribe, null, subscription.Filter.Value, subscription.Options.ShareGroup);
            Ended(operation, GetSeconds(begun), fault is null ? null : NameOf(fault));
        }
    }

    /// <summary>Something else that the client did is over.</summary>
    public void Ended(in Operation operation, double seconds, string? error) => _operations.Record(seconds, Tags(operation, error));

    /// <summary>A span, which is current from now on; null when nobody listens or samples it.</summary>
    public Activity? Start(in Operation operation, ActivityKind kind, ActivityContext parent, ActivityContext? link, string topic)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        string name = operation.Template is null ? operation.Name : $"{operation.Name} {operation.Template}";
        Activity? activity = _source.StartActivity(kind, parent, Tags(operation, null), link is { } linked ? [new ActivityLink(linked)] : null, default, name);
        activity?.SetTag(TelemetryNames.DestinationName, topic);
        return activity;
    }

    /// <summary>Ends a span.</summary>
    public static void Stop(Activity? activity, string? error)
    {
        if (activity is null)
        {
            return;
        }

        if (error is not null)
        {
            activity.SetTag(TelemetryNames.ErrorType, error);
            activity.SetStatus(ActivityStatusCode.Error);
        }

        activity.Dispose();
    }

    /// <summary>What <c>error.type</c> says: the name of the Reason Code, or the type of what was thrown.</summary>
    public static string NameOf(Exception fault) => fault is MqttException { Reason: { } reason } ? reason.ToString() : fault.GetType().FullName ?? fault.GetType().Name;

    /// <summary>No more gauges from here on: a meter of a factory lives on.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _ownMeter?.Dispose();
        _source.Dispose();
    }

    private static string NameOf(DropReason reason) => reason switch
    {
        DropReason.BufferFull => "buffer_full",
        DropReason.NoSubscription => "no_subscription",
        DropReason.SubscriptionDisposed => "subscription_disposed",
        DropReason.ConnectionLost => "connection_lost",
        DropReason.HandlerFailed => "handler_failed",
        DropReason.Refused => "refused",
        DropReason.Expired => "expired",
        DropReason.OutcomeUnknown => "outcome_unknown",
        _ => reason.ToString(),
    };

    private TagList Tags(in Operation operation, string? error)
    {
        TagList tags = new() { { TelemetryNames.System, TelemetryNames.Mqtt }, { TelemetryNames.OperationName, operation.Name } };
        AddIfPresent(ref tags, TelemetryNames.OperationType, operation.Type);
        AddIfPresent(ref tags, TelemetryNames.DestinationTemplate, operation.Template);
        AddIfPresent(ref tags, TelemetryNames.ConsumerGroup, operation.Group);
        AddIfPresent(ref tags, TelemetryNames.ErrorType, error);
        if (_server is { } server)
        {
            tags.Add(TelemetryNames.ServerAddress, server.Address.Host.Length > 0 ? server.Address.Host : server.Address.AbsolutePath);
            if (server.Address.Port > 0)
            {
                tags.Add(TelemetryNames.ServerPort, server.Address.Port);
            }

            tags.Add(TelemetryNames.ProtocolName, TelemetryNames.Mqtt);
            tags.Add(TelemetryNames.ProtocolVersion, server.Version switch { MqttVersion.V5 => "5.0", MqttVersion.V311 => "3.1.1", _ => "3.1" });
        }

        return tags;
    }

    private static void AddIfPresent(ref TagList tags, string name, string? value)
    {
        if (value is not null)
        {
            tags.Add(name, value);
        }
    }

    private IEnumerable<Measurement<long>> Observe(Func<long> read) => _isDisposed ? [] : [new Measurement<long>(read())];

    private IEnumerable<Measurement<int>> Observe(Func<int> read) => _isDisposed ? [] : [new Measurement<int>(read())];

    private IEnumerable<Measurement<int>> ObserveState(Func<ConnectionState> read) =>
        _isDisposed ? [] : [new Measurement<int>(1, new KeyValuePair<string, object?>("state", read().ToString().ToLowerInvariant()))];
}
