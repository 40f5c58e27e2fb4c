using System.Buffers;
using System.Globalization;
using System.Numerics;

namespace Starling.Client.Core.Payloads;

/// <summary>A number as text, the same in every culture; what was written is read back to the same value.</summary>
internal sealed class NumberFormat<T>(NumberStyles styles) : IPayloadFormat<T>
    where T : INumberBase<T>
{
    public void Write(IBufferWriter<byte> to, T value) => InvariantText.Write(to, value);

    // Not the defaults of Parse: for fractions they skip commas, so that 21,5 would be 215.
    public T Read(ReadOnlySpan<byte> from) => T.TryParse(from, styles, CultureInfo.InvariantCulture, out T? value)
        ? value
        : throw new FormatException($"The text is no {typeof(T).Name}, or beyond its range.");
}
