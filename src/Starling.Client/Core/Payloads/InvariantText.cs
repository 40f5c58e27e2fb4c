using System.Buffers;
using System.Globalization;

namespace Starling.Client.Core.Payloads;

/// <summary>Writes a value as text, the same in every culture.</summary>
internal static class InvariantText
{
    private const int BytesMin = 64;

    public static void Write<T>(IBufferWriter<byte> to, T value)
        where T : IUtf8SpanFormattable
    {
        int size = BytesMin;
        int written;
        while (!value.TryFormat(to.GetSpan(size), out written, default, CultureInfo.InvariantCulture))
        {
            size *= 2;
        }

        to.Advance(written);
    }
}
