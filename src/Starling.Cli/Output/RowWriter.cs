using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Starling.Cli.Output;

/// <summary>Prints rows of named values: text, whole numbers, true and false; null is absent.</summary>
internal static class RowWriter
{
    // What is printed is no part of a page, so that only what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="output">Where to.</param>
    /// <param name="format">How.</param>
    /// <param name="columns">The names, which are those of the JSON objects.</param>
    /// <param name="rows">As many values each as there are columns.</param>
    public static void Write(Stream output, OutputFormat format, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows)
    {
        using StreamWriter writer = new(output, leaveOpen: true) { NewLine = "\n" };
        switch (format)
        {
            case OutputFormat.Table:
                WriteTable(writer, columns, rows);
                break;
            case OutputFormat.Csv:
                WriteCsv(writer, columns, rows);
                break;
            case OutputFormat.Json:
                writer.WriteLine($"[{string.Join(",\n ", rows.Select(row => ToJson(columns, row)))}]");
                break;
            default:
                foreach (object?[] row in rows)
                {
                    writer.WriteLine(ToJson(columns, row));
                }

                break;
        }
    }

    private static void WriteTable(TextWriter writer, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows)
    {
        string[][] cells = [[.. columns.Select(name => name.ToUpperInvariant())], .. rows.Select(row => row.Select(value => Printable(Text(value))).ToArray())];
        int[] widths = [.. columns.Select((_, column) => cells.Max(row => row[column].Length))];
        foreach (string[] row in cells)
        {
            writer.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static void WriteCsv(TextWriter writer, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows)
    {
        writer.Write($"{string.Join(',', columns)}\r\n");
        foreach (object?[] row in rows)
        {
            writer.Write($"{string.Join(',', row.Select(value => Quoted(Text(value))))}\r\n");
        }
    }

    private static string ToJson(IReadOnlyList<string> columns, object?[] row)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Json))
        {
            json.WriteStartObject();
            foreach ((string name, object? value) in columns.Zip(row))
            {
                json.WritePropertyName(name);
                WriteValue(json, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(Text(value));
                break;
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    // What came from elsewhere must not steer the terminal.
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
