using System.Text;

namespace Starling.Cli.Passwords;

/// <summary>Asks for a password: on a terminal without showing it, else the next line of the standard input.</summary>
/// <param name="input">The standard input.</param>
/// <param name="key">Reads one key of the terminal without showing it; null when the input is no terminal.</param>
internal sealed class SecretPrompt(Stream input, Func<ConsoleKeyInfo>? key)
{
    /// <summary>Reads one password; null at the end of the input.</summary>
    public string? Read() => key is null ? ReadLine() : ReadKeys(key);

    private string? ReadLine()
    {
        List<byte> line = [];
        int one;
        while ((one = input.ReadByte()) is not (-1 or '\n'))
        {
            line.Add((byte)one);
        }

        return one == -1 && line.Count == 0 ? null : Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
    }

    private static string ReadKeys(Func<ConsoleKeyInfo> key)
    {
        StringBuilder text = new();
        while (true)
        {
            ConsoleKeyInfo pressed = key();
            switch (pressed.Key)
            {
                case ConsoleKey.Enter:
                    return text.ToString();
                case ConsoleKey.Backspace:
                    text.Length = Math.Max(0, text.Length - 1);
                    break;
                default:
                    text.Append(char.IsControl(pressed.KeyChar) ? "" : pressed.KeyChar.ToString());
                    break;
            }
        }
    }
}
