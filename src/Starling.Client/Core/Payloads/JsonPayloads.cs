using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Starling.Client.Core.Payloads;

/// <summary>The types of one <see cref="JsonSerializerContext"/>.</summary>
internal sealed class JsonPayloads(JsonSerializerContext context) : IMqttSerializer
{
    public string ContentType => "application/json";

    public bool Handles(Type type) => context.GetTypeInfo(type) is not null;

    public void Write<T>(IBufferWriter<byte> to, T value)
    {
        using Utf8JsonWriter writer = new(to);
        JsonSerializer.Serialize(writer, value, TypeInfo<T>());
    }

    public T Read<T>(ReadOnlySpan<byte> from) =>
        JsonSerializer.Deserialize(from, TypeInfo<T>()) ?? throw new JsonException($"null is no {typeof(T)}.");

    private JsonTypeInfo<T> TypeInfo<T>() => context.GetTypeInfo(typeof(T)) as JsonTypeInfo<T>
        ?? throw new NotSupportedException($"{context.GetType()} does not list {typeof(T)}.");
}
