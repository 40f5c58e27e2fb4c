using System.Buffers;
using System.Globalization;
using System.Text;

namespace Starling.Cli.Formatting;

/// <summary>
/// Writes JSON in the very form of mosquitto's library: text as raw UTF-8, numbers with 15 digits where they suffice, and with
/// <c>isPretty</c> tabs and line feeds.
/// </summary>
internal sealed class JsonPrinter(ArrayBufferWriter<byte> output, bool isPretty)
{
    private readonly Stack<Frame> _open = new();

    public void BeginObject()
    {
        Separate();
        Add(isPretty ? "{\n"u8 : "{"u8);
        _open.Push(new Frame(IsArray: false));
    }

    public void EndObject()
    {
        Frame frame = _open.Pop();
        if (isPretty)
        {
            Add(frame.Count > 0 ? "\n"u8 : default);
            Indent();
        }

        Add("}"u8);
    }

    public void BeginArray()
    {
        Separate();
        Add("["u8);
        _open.Push(new Frame(IsArray: true));
    }

    public void EndArray()
    {
        _open.Pop();
        Add("]"u8);
    }

    /// <summary>The key of the value that follows.</summary>
    public void Name(ReadOnlySpan<byte> name)
    {
        Frame frame = _open.Peek();
        Add(frame.Count++ == 0 ? default : isPretty ? ",\n"u8 : ","u8);
        if (isPretty)
        {
            Indent();
        }

        AddQuoted(name);
        Add(isPretty ? ":\t"u8 : ":"u8);
    }

    public void Text(ReadOnlySpan<byte> text)
    {
        Separate();
        AddQuoted(text);
    }

    public void Number(double number)
    {
        Separate();
        Add(Encoding.ASCII.GetBytes(Format(number)));
    }

    /// <summary>true, false or null.</summary>
    public void Literal(ReadOnlySpan<byte> word)
    {
        Separate();
        Add(word);
    }

    // Members of an object are set apart by Name.
    private void Separate()
    {
        if (_open.TryPeek(out Frame? frame) && frame.IsArray && frame.Count++ > 0)
        {
            Add(isPretty ? ", "u8 : ","u8);
        }
    }

    private void Indent()
    {
        for (int i = 0; i < _open.Count; i++)
        {
            Add("\t"u8);
        }
    }

    private void AddQuoted(ReadOnlySpan<byte> text)
    {
        Add("\""u8);
        foreach (byte one in text)
        {
            switch (one)
            {
                case (byte)'"': Add("\\\""u8); break;
                case (byte)'\\': Add("\\\\"u8); break;
                case (byte)'\b': Add("\\b"u8); break;
                case (byte)'\f': Add("\\f"u8); break;
                case (byte)'\n': Add("\\n"u8); break;
                case (byte)'\r': Add("\\r"u8); break;
                case (byte)'\t': Add("\\t"u8); break;
                case < 0x20: Add(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{one:x4}"))); break;
                default: Add([one]); break;
            }
        }

        Add("\""u8);
    }

    private void Add(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    private static string Format(double number)
    {
        if (!double.IsFinite(number))
        {
            return "null";
        }

        if (number is >= int.MinValue and <= int.MaxValue && number == Math.Truncate(number))
        {
            return ((int)number).ToString(CultureInfo.InvariantCulture);
        }

        string shorter = ToGeneral(number, 15);
        return double.Parse(shorter, CultureInfo.InvariantCulture) == number ? shorter : ToGeneral(number, 17);
    }

    // As printf's %g: an exponent of two digits at least, and no zeros at the end.
    private static string ToGeneral(double number, int digits)
    {
        string scientific = number.ToString(string.Create(CultureInfo.InvariantCulture, $"e{digits - 1}"), CultureInfo.InvariantCulture);
        int mark = scientific.IndexOf('e', StringComparison.Ordinal);
        int exponent = int.Parse(scientific.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent >= -4 && exponent < digits)
        {
            string plain = number.ToString(string.Create(CultureInfo.InvariantCulture, $"f{digits - 1 - exponent}"), CultureInfo.InvariantCulture);
            return WithoutZeros(plain);
        }

        char sign = exponent < 0 ? '-' : '+';
        return string.Create(CultureInfo.InvariantCulture, $"{WithoutZeros(scientific[..mark])}e{sign}{Math.Abs(exponent):00}");
    }

    private static string WithoutZeros(string number) =>
        number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number;

    private sealed record Frame(bool IsArray)
    {
        public int Count { get; set; }
    }
}
