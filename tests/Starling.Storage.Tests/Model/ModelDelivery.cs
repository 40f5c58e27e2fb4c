using Starling.Protocol;

namespace Starling.Storage.Tests.Model;

/// <summary>A delivery of the model. Its message is null once PUBREC has come.</summary>
internal sealed record ModelDelivery(QualityOfService Qos, bool Retain, uint[] Identifiers, string? SharedFilter, ModelMessage? Message);
