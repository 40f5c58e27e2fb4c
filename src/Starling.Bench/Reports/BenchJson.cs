using System.Text.Json;
using System.Text.Json.Serialization;

namespace Starling.Bench.Reports;

/// <summary>Reading and writing results as JSON.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(BenchDocument))]
internal sealed partial class BenchJson : JsonSerializerContext
{
    public static void Write(BenchDocument document, Stream destination)
    {
        JsonSerializer.Serialize(destination, document, Default.BenchDocument);
        destination.WriteByte((byte)'\n');
    }

    /// <summary>Reads a result.</summary>
    /// <exception cref="FormatException">It is none, or of a later version.</exception>
    public static BenchDocument Read(Stream source)
    {
        BenchDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(source, Default.BenchDocument);
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is not a result of starling bench: {e.Message}");
        }

        return document?.Schema == Reports.BenchDocument.CurrentSchema
            ? document
            : throw new FormatException($"it is of schema {document?.Schema ?? "none"}, and {Reports.BenchDocument.CurrentSchema} is read here");
    }
}
