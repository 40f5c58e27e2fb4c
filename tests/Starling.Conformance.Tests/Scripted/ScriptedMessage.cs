using Starling.Conformance.Wire;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>A message that the server owns.</summary>
/// <param name="Topic">Its Topic Name.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="Qos">As it was published.</param>
/// <param name="Retain">As it was published.</param>
/// <param name="ReceivedAt">When its lifetime began.</param>
internal sealed record ScriptedMessage(string Topic, byte[] Payload, int Qos, bool Retain, TimeSpan ReceivedAt)
{
    public string? Publisher { get; init; }

    /// <summary>DUP of the client's PUBLISH.</summary>
    public bool Duplicate { get; init; }

    public bool IsWill { get; init; }

    /// <summary>Properties that go on to subscribers.</summary>
    public IReadOnlyList<WireProperty> Properties { get; init; } = [];

    /// <summary>Seconds; null: it lives for ever.</summary>
    public uint? Expiry { get; init; }

    /// <summary>Seconds that are left; null: it lives for ever.</summary>
    public long? Left(TimeSpan now) => Expiry is { } expiry ? expiry - (long)(now - ReceivedAt).TotalSeconds : null;

    public bool IsExpired(TimeSpan now) => Expiry is { } expiry && now - ReceivedAt >= TimeSpan.FromSeconds(expiry);

    /// <summary>The properties of a PUBLISH or a Will that subscribers are to see.</summary>
    public static IReadOnlyList<WireProperty> Forwardable(PropertyList properties, Fault fault, bool isWill)
    {
        IEnumerable<WireProperty> kept = properties.All.Where(
            property => property.Id is not (PropertyId.MessageExpiryInterval or PropertyId.WillDelayInterval or PropertyId.TopicAlias));
        PropertyId lost = fault switch
        {
            Fault.PayloadFormatLost when !isWill => PropertyId.PayloadFormatIndicator,
            Fault.ResponseTopicLost when !isWill => PropertyId.ResponseTopic,
            Fault.CorrelationDataLost when !isWill => PropertyId.CorrelationData,
            Fault.ContentTypeLost when !isWill => PropertyId.ContentType,
            Fault.UserPropertiesLost when !isWill => PropertyId.UserProperty,
            _ => PropertyId.None,
        };
        return fault switch
        {
            Fault.WillPropertiesLost when isWill => [],
            Fault.UserPropertiesReversed when !isWill => [.. kept.Reverse()],
            Fault.WillUserPropertiesReversed when isWill => [.. kept.Reverse()],
            _ => [.. kept.Where(property => property.Id != lost)],
        };
    }
}
