using System.Buffers;

namespace Starling.Client.Core.Payloads;

/// <summary>The payload as it is, whatever its Content Type.</summary>
internal sealed class BytesFormat : IPayloadFormat<byte[]>, IPayloadFormat<ReadOnlyMemory<byte>>, IPayloadFormat<Memory<byte>>
{
    public void Write(IBufferWriter<byte> to, byte[] value) => to.Write(value);

    public void Write(IBufferWriter<byte> to, ReadOnlyMemory<byte> value) => to.Write(value.Span);

    public void Write(IBufferWriter<byte> to, Memory<byte> value) => to.Write(value.Span);

    public byte[] Read(ReadOnlySpan<byte> from) => from.ToArray();

    ReadOnlyMemory<byte> IPayloadFormat<ReadOnlyMemory<byte>>.Read(ReadOnlySpan<byte> from) => from.ToArray();

    Memory<byte> IPayloadFormat<Memory<byte>>.Read(ReadOnlySpan<byte> from) => from.ToArray();
}
