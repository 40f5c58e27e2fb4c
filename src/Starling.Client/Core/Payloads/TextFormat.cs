using System.Buffers;
using System.Text;

namespace Starling.Client.Core.Payloads;

/// <summary>The payload as UTF-8, whatever its Content Type.</summary>
internal sealed class TextFormat : IPayloadFormat<string>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public void Write(IBufferWriter<byte> to, string value) => Strict.GetBytes(value, to);

    public string Read(ReadOnlySpan<byte> from) => Strict.GetString(from);
}
