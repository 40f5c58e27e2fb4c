using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Starling.Client.Core.Payloads;

/// <summary>
/// Writes and reads payloads. Bytes and text are the payload itself; else the serializer with the message's Content Type comes first, then the
/// built-in formats of numbers, then the first serializer that handles the type. Any thread.
/// </summary>
internal sealed class PayloadCodec(IEnumerable<IMqttSerializer> serializers)
{
    private readonly IMqttSerializer[] _serializers = [.. serializers];

    /// <summary>Says at once that nobody handles a type, before anything waits for the network.</summary>
    /// <exception cref="MqttSerializationException">Nobody does; the message says which line to add.</exception>
    public void Require<T>()
    {
        if (BuiltInFormats.FindRaw<T>() is null && BuiltInFormats.FindValue<T>() is null && Find<T>(null) is null)
        {
            throw Unknown<T>();
        }
    }

    /// <summary>Makes a message of a value.</summary>
    /// <exception cref="MqttSerializationException">Nobody handles the type, or the serializer failed.</exception>
    public MqttMessage Write<T>(string topic, T value, PublishOptions options)
    {
        ReadOnlyMemory<byte> payload = Write(value, options.ContentType, out string? contentType);
        return new MqttMessage
        {
            Topic = topic,
            Payload = payload,
            Qos = options.Qos,
            Retain = options.Retain,
            ContentType = options.ContentType ?? contentType,
            ResponseTopic = options.ResponseTopic,
            CorrelationData = options.CorrelationData,
            Expiry = options.Expiry,
            PayloadIsUtf8 = options.PayloadIsUtf8,
            UserProperties = options.UserProperties,
            DestinationTemplate = options.DestinationTemplate,
        };
    }

    /// <summary>Reads the payload of a message; false with the fault when it is no <typeparamref name="T"/>.</summary>
    public bool TryRead<T>(MqttMessage message, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Exception? fault)
    {
        try
        {
            value = Read<T>(message.Payload.Span, message.ContentType);
            fault = null;
            return true;
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            // Any fault of a serializer means that the payload is none: it comes from the peer.
            value = default;
            fault = cause;
            return false;
        }
    }

    private ReadOnlyMemory<byte> Write<T>(T value, string? wanted, out string? contentType)
    {
        contentType = null;
        switch (value)
        {
            // The message takes the caller's bytes over, as with MqttMessage.
            case byte[] bytes:
                return bytes;
            case ReadOnlyMemory<byte> memory:
                return memory;
            case Memory<byte> memory:
                return memory;
            default:
                break;
        }

        ArgumentNullException.ThrowIfNull(value);
        ArrayBufferWriter<byte> to = new();
        IPayloadFormat<T>? format = BuiltInFormats.FindRaw<T>();
        IMqttSerializer? serializer = format is null && wanted is not null ? Find<T>(wanted) : null;
        format ??= serializer is null ? BuiltInFormats.FindValue<T>() : null;
        serializer ??= format is null ? Find<T>(null) ?? throw Unknown<T>() : null;
        try
        {
            format?.Write(to, value);
            serializer?.Write(to, value);
        }
        catch (Exception cause) when (cause is not (OutOfMemoryException or MqttSerializationException))
        {
            throw new MqttSerializationException($"A value of {typeof(T)} could not be written: {cause.Message}", cause);
        }

        contentType = serializer?.ContentType;
        return to.WrittenMemory;
    }

    private T Read<T>(ReadOnlySpan<byte> payload, string? contentType)
    {
        if (BuiltInFormats.FindRaw<T>() is { } raw)
        {
            return raw.Read(payload);
        }

        if (contentType is not null && Find<T>(contentType) is { } named)
        {
            return named.Read<T>(payload);
        }

        return BuiltInFormats.FindValue<T>() is { } format ? format.Read(payload) : (Find<T>(null) ?? throw Unknown<T>()).Read<T>(payload);
    }

    // By Content Type without its parameters, or any for null.
    private IMqttSerializer? Find<T>(string? contentType)
    {
        ReadOnlySpan<char> wanted = contentType.AsSpan();
        int parameters = wanted.IndexOf(';');
        wanted = (parameters < 0 ? wanted : wanted[..parameters]).Trim();
        foreach (IMqttSerializer serializer in _serializers)
        {
            if ((contentType is null || wanted.Equals(serializer.ContentType, StringComparison.OrdinalIgnoreCase)) && serializer.Handles(typeof(T)))
            {
                return serializer;
            }
        }

        return null;
    }

    private static MqttSerializationException Unknown<T>() => new(
        $"Nobody writes or reads {typeof(T)}. Add options.Serializers.Add(MqttJson.For(AppJson.Default)), with [JsonSerializable(typeof({typeof(T).Name}))] "
        + "on AppJson, a partial class of yours that derives from JsonSerializerContext; or with AddMqttClient: .AddJson(AppJson.Default).");
}
