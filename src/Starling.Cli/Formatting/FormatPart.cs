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

/// <summary>One part of a <see cref="MessageFormat"/>.</summary>
internal sealed record FormatPart(FormatPartKind Kind)
{
    public ReadOnlyMemory<byte> Bytes { get; init; }

    public char Letter { get; init; }

    public bool IsLeft { get; init; }

    public char Pad { get; init; } = ' ';

    /// <summary>The fewest columns; 0 for as many as needed.</summary>
    public int Width { get; init; }

    /// <summary>The most bytes of a text; -1 for all.</summary>
    public int Precision { get; init; } = -1;

    public static FormatPart Plain(byte[] bytes) => new(FormatPartKind.Plain) { Bytes = bytes };
}
