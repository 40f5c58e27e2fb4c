using Microsoft.Win32.SafeHandles;
using Starling.Cli;
using Starling.Server;

// Console's own stream hides that the reader of a pipe has gone, so sub would run on for nobody; a file stream does not append to a
// file that others write too. Each where the other fails.
using FileStream pipe = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
using StopSignals signals = new();
return await CommandLine.RunAsync(args, new CommandEnvironment
{
    Input = Console.OpenStandardInput(),
    Output = pipe.CanSeek ? Console.OpenStandardOutput() : pipe,
    Error = Console.Error,
    Variable = Environment.GetEnvironmentVariable,
    Program = ProgramName.Read(),
    ReadKey = Console.IsInputRedirected ? null : static () => Console.ReadKey(intercept: true),
    Interrupted = signals.Stop,
    IsOutputTerminal = !Console.IsOutputRedirected,
    ErrorColumns = static () =>
        Console.IsErrorRedirected || Environment.GetEnvironmentVariable(VariableNames.Terminal) == "dumb" ? null : Console.WindowWidth,
}).ConfigureAwait(false);
