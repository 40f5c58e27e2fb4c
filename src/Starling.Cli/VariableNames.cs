using Starling.Cli.Help;

namespace Starling.Cli;

/// <summary>The environment variables that the tool reads; the only place that has their names.</summary>
internal static class VariableNames
{
    public const string Url = "STARLING_URL";
    public const string UserName = "STARLING_USERNAME";
    public const string Password = "STARLING_PASSWORD";
    public const string Context = "STARLING_CONTEXT";
    public const string Data = "STARLING_DATA";
    public const string NoColor = "NO_COLOR";
    public const string Terminal = "TERM";
    public const string ConfigHome = "XDG_CONFIG_HOME";
    public const string DataHome = "XDG_DATA_HOME";
    public const string Home = "HOME";
    public const string WindowsConfig = "APPDATA";
    public const string WindowsData = "LOCALAPPDATA";

    public static readonly IReadOnlyList<HelpTable> Tables =
    [
        new("Connections; a flag, -L and a context each count more",
        [
            (Url, "the server, as for -L"),
            (UserName, "the user name, as for -u"),
            (Password, "the password, as for -P"),
            (Context, "the context, as for --context; it counts more than the one that `starling context use` has chosen"),
        ]),
        new("Places",
        [
            (Data, "the data directory, as for --data"),
            (DataHome, "without that: the data directory is starling in here; ~/.local/share when this is not set either"),
            (ConfigHome, "the contexts are in starling/contexts.json in here; ~/.config when it is not set"),
            (Home, "the folder that ~ means"),
            (WindowsConfig, "Windows: as XDG_CONFIG_HOME"),
            (WindowsData, "Windows: as XDG_DATA_HOME"),
        ]),
        new("Looks",
        [
            (NoColor, "not empty: no colours, unless --color always asks for them"),
            (Terminal, "dumb: no line that changes on the standard error"),
        ]),
    ];
}
