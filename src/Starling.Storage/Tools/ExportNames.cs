namespace Starling.Storage.Tools;

/// <summary>The words of exported lines.</summary>
internal static class ExportNames
{
    public const int FormatVersion = 1;

    public const string Kind = "kind";
    public const string Store = "store";
    public const string Session = "session";
    public const string Subscription = "subscription";
    public const string Incoming = "incoming";
    public const string Delivery = "delivery";
    public const string Retained = "retained";

    public const string Version = "version";
    public const string Generation = "generation";
    public const string RetainedRevision = "retainedRevision";

    public const string Number = "number";
    public const string ClientIdentifier = "clientIdentifier";
    public const string UserName = "userName";
    public const string Epoch = "epoch";
    public const string ProtocolVersion = "protocolVersion";
    public const string ExpirySeconds = "expirySeconds";
    public const string NextSequence = "nextSequence";
    public const string SentBelow = "sentBelow";
    public const string AwaySince = "awaySince";
    public const string Will = "will";
    public const string DelaySeconds = "delaySeconds";
    public const string MessageExpirySeconds = "messageExpirySeconds";

    public const string Filter = "filter";
    public const string Options = "options";
    public const string Identifier = "identifier";
    public const string PacketIdentifier = "packetIdentifier";

    public const string Sequence = "sequence";
    public const string DeliveryQos = "deliveryQos";
    public const string DeliveryRetain = "deliveryRetain";
    public const string Identifiers = "identifiers";
    public const string SharedFilter = "sharedFilter";

    public const string Topic = "topic";
    public const string Properties = "properties";
    public const string Payload = "payload";
    public const string Qos = "qos";
    public const string Retain = "retain";
    public const string Publisher = "publisher";
    public const string ExpiresAt = "expiresAt";
    public const string Revision = "revision";
}
