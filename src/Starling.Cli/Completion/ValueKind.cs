namespace Starling.Cli.Completion;

/// <summary>What the value of a flag or a word can be completed with.</summary>
internal enum ValueKind
{
    /// <summary>It has no value.</summary>
    Switch,

    /// <summary>A value that nobody can guess.</summary>
    Free,

    /// <summary>The path of a file.</summary>
    File,

    /// <summary>The path of a directory.</summary>
    Folder,

    /// <summary>The name of a context.</summary>
    Context,

    /// <summary>One of a few words.</summary>
    Choice,
}
