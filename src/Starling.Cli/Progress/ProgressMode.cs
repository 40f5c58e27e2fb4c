namespace Starling.Cli.Progress;

/// <summary>How a command says how far it is.</summary>
internal enum ProgressMode
{
    /// <summary>Live on a terminal, else plain.</summary>
    Auto,

    /// <summary>One line that changes and goes away.</summary>
    Live,

    /// <summary>A line now and then.</summary>
    Plain,

    /// <summary>Nothing.</summary>
    None,
}
