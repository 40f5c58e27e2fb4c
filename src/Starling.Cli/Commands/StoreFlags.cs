using System.CommandLine;
using Starling.Cli.Flags;
using Starling.Cli.Progress;

namespace Starling.Cli.Commands;

/// <summary>The flags that all commands on a data directory have.</summary>
internal sealed class StoreFlags(string description)
{
    private readonly DataFlag _data = new(description);
    private readonly Option<string> _progress = ProgressFlag.Create();

    public void AddTo(Command command)
    {
        command.Add(_data.Option);
        command.Add(_progress);
    }

    public (string Directory, ProgressMode Progress) Read(FlagReader flags, CommandEnvironment environment) =>
        (_data.Read(flags, environment), ProgressFlag.Read(flags, _progress));
}
