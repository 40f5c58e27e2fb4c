namespace Starling.Conformance.Tests.Scripted;

/// <summary>Whether bytes are a text of MQTT.</summary>
internal static class TextRules
{
    public static bool IsWellFormed(ReadOnlySpan<byte> text, Fault fault)
    {
        for (int at = 0; at < text.Length;)
        {
            int length = LengthAt(text[at..], fault);
            if (length == 0)
            {
                return false;
            }

            at += length;
        }

        return true;
    }

    /// <summary>The length of the first character; 0 when there is none that may stand there.</summary>
    private static int LengthAt(ReadOnlySpan<byte> text, Fault fault)
    {
        byte first = text[0];
        if (first < 0x80)
        {
            return first > 0 || fault == Fault.NullCharacterTolerated ? 1 : 0;
        }

        int length = first switch
        {
            >= 0xC0 and < 0xE0 => 2,
            >= 0xE0 and < 0xF0 => 3,
            >= 0xF0 and < 0xF5 => 4,
            _ => 0,
        };
        if (length == 0 || length > text.Length || text[1..length].ContainsAnyExceptInRange((byte)0x80, (byte)0xBF))
        {
            return 0;
        }

        bool isOverlong = first < 0xC2 || (first == 0xE0 && text[1] < 0xA0) || (first == 0xF0 && text[1] < 0x90);
        bool isSurrogate = first == 0xED && text[1] >= 0xA0;
        bool isTooHigh = first == 0xF4 && text[1] >= 0x90;
        bool isForbidden = isTooHigh
            || (isOverlong && fault != Fault.OverlongTolerated)
            || (isSurrogate && fault != Fault.SurrogatesTolerated);
        return isForbidden ? 0 : length;
    }
}
