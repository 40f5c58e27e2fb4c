namespace Starling.Cli.Formatting;

/// <summary>What a part of a format prints.</summary>
internal enum FormatPartKind
{
    /// <summary>Bytes that are always the same.</summary>
    Plain,

    /// <summary>Something of the message.</summary>
    Field,

    /// <summary>Something of the time, as strftime has it.</summary>
    Clock,
}
