namespace Starling.Client.Tests.Telemetry;

/// <summary>One measurement.</summary>
internal sealed record Measured(string Name, string? Unit, double Value, IReadOnlyDictionary<string, object?> Tags)
{
    /// <summary>The attributes as one text, in the order of their names.</summary>
    public string TagText => string.Join(' ', Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
}
