using System.Diagnostics;
using Starling.Client.Core;
using Starling.Protocol;

namespace Starling.Client.Telemetry;

/// <summary>Publishing with its span and metrics, when somebody wants them; else one branch. Any thread.</summary>
internal sealed class TracedPublisher(Publisher publisher, ClientTelemetry telemetry, Func<MqttVersion> version)
{
    /// <summary>Publishes.</summary>
    public ValueTask<PublishResult> PublishAsync(MqttMessage message, bool refusalThrows, CancellationToken ct) =>
        telemetry.IsPublishOn ? TraceAsync(message, refusalThrows, ct) : StartAsync(message, refusalThrows, ct);

    /// <summary>Enqueues; the span ends when the message is stored.</summary>
    public ValueTask<OutboxTicket> EnqueueAsync(MqttMessage message, CancellationToken ct) =>
        telemetry.IsPublishOn ? TraceEnqueueAsync(message, ct) : publisher.EnqueueAsync(message, ct);

    private ValueTask<PublishResult> StartAsync(MqttMessage message, bool refusalThrows, CancellationToken ct) =>
        message.Qos == QualityOfService.AtMostOnce
            ? publisher.PublishPlainAsync(message, refusalThrows, ct)
            : publisher.PublishAcknowledgedAsync(message, refusalThrows, ct);

    private async ValueTask<PublishResult> TraceAsync(MqttMessage message, bool refusalThrows, CancellationToken ct)
    {
        long start = telemetry.Now;
        Activity? activity = Start(ref message);
        string? error = null;
        try
        {
            PublishResult result = await StartAsync(message, refusalThrows, ct).ConfigureAwait(false);
            error = result.Status == PublishStatus.Refused ? (result.Reason ?? ReasonCode.UnspecifiedError).ToString() : null;
            return result;
        }
        catch (Exception fault) when (Note(fault, ref error))
        {
            throw;
        }
        finally
        {
            End(activity, message, start, error);
        }
    }

    private async ValueTask<OutboxTicket> TraceEnqueueAsync(MqttMessage message, CancellationToken ct)
    {
        long start = telemetry.Now;
        Activity? activity = Start(ref message);
        string? error = null;
        try
        {
            return await publisher.EnqueueAsync(message, ct).ConfigureAwait(false);
        }
        catch (Exception fault) when (Note(fault, ref error))
        {
            throw;
        }
        finally
        {
            End(activity, message, start, error);
        }
    }

    private Activity? Start(ref MqttMessage message)
    {
        Activity? activity = telemetry.Start(OperationOf(message), ActivityKind.Producer, default, null, message.Topic);
        if (activity is null)
        {
            return null;
        }

        activity.SetTag(TelemetryNames.Qos, (int)message.Qos);
        activity.SetTag(TelemetryNames.BodySize, message.Payload.Length);

        // The receiver's trace begins where this one is; what the application has put there stays.
        if (version() == MqttVersion.V5 && activity.Id is { } id && activity.IdFormat == ActivityIdFormat.W3C
            && !message.UserProperties.Any(static property => property.Name == TelemetryNames.TraceParent))
        {
            UserProperty[] state = string.IsNullOrEmpty(activity.TraceStateString) ? [] : [new UserProperty(TelemetryNames.TraceState, activity.TraceStateString)];
            message = message with { UserProperties = [.. message.UserProperties, new UserProperty(TelemetryNames.TraceParent, id), .. state] };
        }

        return activity;
    }

    private void End(Activity? activity, MqttMessage message, long start, string? error)
    {
        ClientTelemetry.Stop(activity, error);
        telemetry.Published(OperationOf(message), message.Qos, telemetry.GetSeconds(start), error);
    }

    private static Operation OperationOf(MqttMessage message) =>
        new(TelemetryNames.Publish, TelemetryNames.Send, message.DestinationTemplate, null);

    // A filter runs where it was thrown, and lets it pass.
    private static bool Note(Exception fault, ref string? error)
    {
        error = ClientTelemetry.NameOf(fault);
        return true;
    }
}
