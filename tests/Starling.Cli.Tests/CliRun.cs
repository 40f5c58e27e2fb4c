using System.Text;

namespace Starling.Cli.Tests;

/// <summary>Runs the tool inside this process, and keeps what it writes.</summary>
internal sealed record CliRun(int Code, string Output, string Error)
{
    public static Task<CliRun> RunAsync(params string[] args) => RunAsync(args, new CliSurroundings());

    public static async Task<CliRun> RunAsync(string[] args, CliSurroundings surroundings)
    {
        using MemoryStream input = new(surroundings.Input);
        using MemoryStream output = new();
        using StringWriter error = new() { NewLine = "\n" };
        int code = await CommandLine.RunAsync(args, new CommandEnvironment
        {
            Input = surroundings.InputStream ?? input,
            Output = surroundings.OutputStream ?? output,
            Error = error,
            Variable = name => surroundings.Variables.GetValueOrDefault(name),
            Interrupted = surroundings.Interrupted,
            TimeProvider = surroundings.TimeProvider,
            IsOutputTerminal = surroundings.IsOutputTerminal,
        });
        return new CliRun(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
