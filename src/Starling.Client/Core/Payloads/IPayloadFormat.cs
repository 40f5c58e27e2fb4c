using System.Buffers;

namespace Starling.Client.Core.Payloads;

/// <summary>A built-in format of one type.</summary>
internal interface IPayloadFormat<T>
{
    void Write(IBufferWriter<byte> to, T value);

    /// <exception cref="FormatException">The payload is none.</exception>
    T Read(ReadOnlySpan<byte> from);
}
