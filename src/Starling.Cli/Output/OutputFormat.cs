namespace Starling.Cli.Output;

/// <summary>How rows are printed.</summary>
internal enum OutputFormat
{
    /// <summary>Columns for people.</summary>
    Table,

    /// <summary>One array of objects.</summary>
    Json,

    /// <summary>An object in each line.</summary>
    JsonLines,

    /// <summary>Comma-separated values with a header, as RFC 4180 has them.</summary>
    Csv,
}
