using System.Buffers;

namespace Starling.Client;

/// <summary>
/// Writes and reads payloads of some types in one format. Used by any number of threads at a time. Bytes, texts and numbers need none:
/// they are built in.
/// </summary>
public interface IMqttSerializer
{
    /// <summary>
    /// The Content Type of the format, for example application/json. It is put on messages without one, and a message that has it is read
    /// by this serializer; null for neither.
    /// </summary>
    string? ContentType { get; }

    /// <summary>Whether it writes and reads this type.</summary>
    bool Handles(Type type);

    /// <summary>Writes a value. Whatever it throws reaches the caller inside a <see cref="MqttSerializationException"/>.</summary>
    void Write<T>(IBufferWriter<byte> to, T value);

    /// <summary>Reads a value. Whatever it throws means that the payload is none, and reaches the caller as <see cref="Write"/> says.</summary>
    T Read<T>(ReadOnlySpan<byte> from);
}
