using System.Diagnostics;
using Starling.Protocol;

namespace Starling.Client.Telemetry;

/// <summary>
/// The telemetry of one delivery, from the moment when the application gets it; there is none when nobody wants it. Whoever calls a
/// handler calls <see cref="Begin"/> before and <see cref="End"/> after it: between them the span is <see cref="Activity.Current"/>. Any
/// thread, one at a time.
/// </summary>
internal sealed class DeliveryTrace
{
    private readonly ClientTelemetry _telemetry;
    private readonly MqttMessage _message;
    private readonly Operation _operation;
    private readonly ActivityContext? _producer;
    private readonly long _received;
    private Activity? _process;
    private ActivityContext _processContext;
    private long _begun;

    public DeliveryTrace(ClientTelemetry telemetry, MqttSubscription subscription, MqttMessage message)
    {
        _telemetry = telemetry;
        _message = message;
        _operation = new Operation(TelemetryNames.Receive, TelemetryNames.Receive, subscription.Filter.Value, subscription.Options.ShareGroup);
        _producer = ReadContext(message.UserProperties);
        _received = telemetry.Now;
        telemetry.Consumed(_operation);
    }

    /// <summary>The application begins with it.</summary>
    public void Begin()
    {
        _begun = _telemetry.Now;
        _process = _telemetry.Start(Named(TelemetryNames.Process, TelemetryNames.Process), ActivityKind.Consumer, default, _producer, _message.Topic);
        _processContext = _process?.Context ?? default;
    }

    /// <summary>The application is done with it. Repeats are ignored.</summary>
    /// <param name="fault">What it threw; null for nothing.</param>
    public void End(Exception? fault)
    {
        if (_begun == 0)
        {
            return;
        }

        string? error = fault is null ? null : ClientTelemetry.NameOf(fault);
        ClientTelemetry.Stop(_process, error);
        _telemetry.Processed(Named(TelemetryNames.Process, TelemetryNames.Process), _telemetry.GetSeconds(_begun), error);
        (_process, _begun) = (null, 0);
    }

    /// <summary>The application has acknowledged or refused it.</summary>
    public void Acknowledged(ReasonCode reason)
    {
        Operation operation = Named(TelemetryNames.Ack, TelemetryNames.Settle);
        string? error = reason < ReasonCode.UnspecifiedError ? null : reason.ToString();
        ClientTelemetry.Stop(_telemetry.Start(operation, ActivityKind.Client, _processContext, _producer, _message.Topic), error);
        _telemetry.Ended(operation, _telemetry.GetSeconds(_received), error);
    }

    private Operation Named(string name, string type) => _operation with { Name = name, Type = type };

    private static ActivityContext? ReadContext(UserProperties properties)
    {
        string? parent = null;
        string? state = null;
        foreach (UserProperty property in properties)
        {
            parent = property.Name == TelemetryNames.TraceParent ? property.Value : parent;
            state = property.Name == TelemetryNames.TraceState ? property.Value : state;
        }

        return ActivityContext.TryParse(parent, state, isRemote: true, out ActivityContext context) ? context : null;
    }
}
