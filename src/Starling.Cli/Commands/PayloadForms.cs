using System.Text;

namespace Starling.Cli.Commands;

/// <summary>Reads payloads in a <see cref="PayloadForm"/>.</summary>
internal static class PayloadForms
{
    public static readonly (string Word, PayloadForm Value)[] All = [("text", PayloadForm.Text), ("hex", PayloadForm.Hex), ("base64", PayloadForm.Base64)];

    /// <summary>The payload that the bytes stand for.</summary>
    /// <exception cref="FormatException">They are not in this form.</exception>
    public static byte[] Decode(this PayloadForm form, byte[] given)
    {
        try
        {
            return form switch
            {
                PayloadForm.Hex => Convert.FromHexString(WithoutSpace(given)),
                PayloadForm.Base64 => Convert.FromBase64String(WithoutSpace(given)),
                _ => given,
            };
        }
        catch (FormatException fault)
        {
            throw new FormatException($"a payload is not {(form == PayloadForm.Hex ? "hexadecimal, as in 48656c6c6f" : "base64, as in SGVsbG8=")}.", fault);
        }
    }

    private static string WithoutSpace(byte[] given) =>
        string.Concat(Encoding.UTF8.GetString(given).Where(static one => !char.IsWhiteSpace(one)));
}
