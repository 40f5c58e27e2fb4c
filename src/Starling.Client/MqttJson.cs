using System.Text.Json.Serialization;
using Starling.Client.Core.Payloads;

namespace Starling.Client;

/// <summary>JSON payloads by the source generator of System.Text.Json: no reflection, so it works trimmed and with Native AOT.</summary>
public static class MqttJson
{
    /// <summary>A serializer for the types that the context lists, with its options. The Content Type is application/json.</summary>
    /// <param name="context">As a rule the static Default of a class of yours that derives from <see cref="JsonSerializerContext"/>.</param>
    public static IMqttSerializer For(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new JsonPayloads(context);
    }
}
