using System.CommandLine;
using Starling.Cli.Commands;
using Starling.Cli.Formatting;

namespace Starling.Cli.Flags;

/// <summary>The flags about printing, which sub and rr share.</summary>
internal sealed class PrintFlags
{
    private readonly Option<bool> _verbose = FlagKinds.Switch("--verbose", "Print the topic before the payload.", "-v");
    private readonly Option<bool> _noEnd = FlagKinds.Switch("--no-eol", "Print no line feed after a message.", "-N");
    private readonly Option<string> _format = FlagKinds.Value(
        "--format", "FORMAT", "Print this of each message: %t topic, %p payload, %j JSON and others, as mosquitto_sub.", "-F");
    private readonly Option<bool> _json = FlagKinds.Switch("--json", "Print each message as a line of JSON: -F %j.");
    private readonly Option<bool> _pretty = FlagKinds.Switch("--pretty", "Print JSON over several lines.");

    public void AddTo(Command command)
    {
        foreach (Option flag in (ReadOnlySpan<Option>)[_verbose, _noEnd, _format, _json, _pretty])
        {
            command.Add(flag);
        }
    }

    /// <summary>What the flags say; what is wrong is kept in <paramref name="flags"/>.</summary>
    public PrintSettings Read(FlagReader flags)
    {
        bool isJson = flags.Has(_json);
        string? text = flags.Text(_format);
        if (isJson && text is not null)
        {
            flags.Refuse("--json and -F cannot go together.");
        }

        MessageFormat? format = null;
        if ((isJson ? "%j" : text) is { } shown && !MessageFormat.TryParse(shown, out format, out string error))
        {
            flags.Refuse($"-F {shown} is not allowed: {error.TrimEnd('.')}. Letters behind %: {MessageFormat.Letters}. For example -F '%I %t %p'.");
        }

        if (flags.Has(_pretty) && format?.HasJson != true)
        {
            flags.Refuse("--pretty goes with --json, or with -F and %j or %J.");
        }

        return new PrintSettings
        {
            IsVerbose = flags.Has(_verbose), IsWithoutEnd = flags.Has(_noEnd), Format = format, IsPretty = flags.Has(_pretty),
        };
    }
}
