namespace Starling.Client.Telemetry;

/// <summary>The names of OpenTelemetry's conventions for messaging, and our own for what they do not have.</summary>
internal static class TelemetryNames
{
    public const string Source = "Starling.Client";

    public const string System = "messaging.system";
    public const string OperationName = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string DestinationName = "messaging.destination.name";
    public const string DestinationTemplate = "messaging.destination.template";
    public const string ConsumerGroup = "messaging.consumer.group.name";
    public const string BodySize = "messaging.message.body.size";
    public const string Qos = "messaging.mqtt.qos";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string ProtocolName = "network.protocol.name";
    public const string ProtocolVersion = "network.protocol.version";
    public const string ErrorType = "error.type";

    public const string Mqtt = "mqtt";
    public const string Publish = "publish";
    public const string Subscribe = "subscribe";
    public const string Receive = "receive";
    public const string Process = "process";
    public const string Ack = "ack";
    public const string Send = "send";
    public const string Settle = "settle";

    public const string TraceParent = "traceparent";
    public const string TraceState = "tracestate";
}
