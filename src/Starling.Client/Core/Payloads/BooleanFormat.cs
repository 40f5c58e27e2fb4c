using System.Buffers;
using System.Text;

namespace Starling.Client.Core.Payloads;

/// <summary>true or false, as in JSON; read in any case.</summary>
internal sealed class BooleanFormat : IPayloadFormat<bool>
{
    public void Write(IBufferWriter<byte> to, bool value) => to.Write(value ? "true"u8 : "false"u8);

    public bool Read(ReadOnlySpan<byte> from)
    {
        if (Ascii.EqualsIgnoreCase(from, "true"u8))
        {
            return true;
        }

        return Ascii.EqualsIgnoreCase(from, "false"u8) ? false : throw new FormatException("The text is neither true nor false.");
    }
}
