using System.Diagnostics.CodeAnalysis;
using Starling.Client.Core;
using Starling.Client.Core.Payloads;

namespace Starling.Client;

/// <summary>A message that arrived for a typed subscription. Its payload is decoded when it is asked for.</summary>
/// <typeparam name="T">What the payload is decoded to.</typeparam>
public sealed class MqttDelivery<T> : MqttDelivery
{
    private readonly PayloadCodec _codec;

    // What was decoded, or the fault.
    private object? _decoded;

    internal MqttDelivery(Arrival arrival, PendingAcknowledgement? acknowledgement, TopicFilter filter, PayloadCodec codec)
        : base(arrival, acknowledgement, filter) => _codec = codec;

    /// <summary>The same delivery with a type. It is acknowledged already.</summary>
    internal MqttDelivery(MqttDelivery delivery, PayloadCodec codec)
        : base(delivery) => _codec = codec;

    /// <summary>The payload, decoded at the first use. Any thread.</summary>
    /// <exception cref="MqttSerializationException">The payload is no <typeparamref name="T"/>; each use throws.</exception>
    public T Value => Decode() switch
    {
        Decoded decoded => decoded.Value,
        Exception fault => throw new MqttSerializationException($"The payload of '{Message.Topic}' is no {typeof(T)}: {fault.Message}", fault),
        _ => throw new InvalidOperationException("Neither a value nor a fault."),
    };

    /// <summary>The payload, or false when it is no <typeparamref name="T"/>. Any thread.</summary>
    public bool TryGetValue([MaybeNullWhen(false)] out T value)
    {
        if (Decode() is Decoded decoded)
        {
            value = decoded.Value;
            return true;
        }

        value = default;
        return false;
    }

    private object Decode()
    {
        if (Volatile.Read(ref _decoded) is { } known)
        {
            return known;
        }

        object decoded = _codec.TryRead<T>(Message, out T? value, out Exception? fault) ? new Decoded(value) : fault;
        Volatile.Write(ref _decoded, decoded);
        return decoded;
    }

    private sealed record Decoded(T Value);
}
