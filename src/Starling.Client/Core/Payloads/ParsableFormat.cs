using System.Buffers;
using System.Globalization;

namespace Starling.Client.Core.Payloads;

/// <summary>A value that is no number, as text.</summary>
internal sealed class ParsableFormat<T> : IPayloadFormat<T>
    where T : IUtf8SpanFormattable, IUtf8SpanParsable<T>
{
    public void Write(IBufferWriter<byte> to, T value) => InvariantText.Write(to, value);

    public T Read(ReadOnlySpan<byte> from) => T.TryParse(from, CultureInfo.InvariantCulture, out T? value)
        ? value
        : throw new FormatException($"The text is no {typeof(T).Name}.");
}
