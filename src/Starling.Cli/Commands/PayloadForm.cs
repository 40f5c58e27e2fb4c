namespace Starling.Cli.Commands;

/// <summary>How the payloads that pub is given are written.</summary>
internal enum PayloadForm
{
    /// <summary>As they are.</summary>
    Text,

    /// <summary>Two hexadecimal digits for each byte.</summary>
    Hex,

    /// <summary>Base64.</summary>
    Base64,
}
