using Starling.Cli.Contexts;

namespace Starling.Cli.Commands;

/// <summary>Runs work on the file of contexts, and turns what stands in its way into one line.</summary>
internal static class ContextRun
{
    /// <returns>0, or <see cref="ExitCode.Usage"/> when the work names what is wrong, or the file cannot be used.</returns>
    /// <param name="environment">Where it is said.</param>
    /// <param name="work">One line on what is wrong; null when all went well.</param>
    public static Task<int> RunAsync(CommandEnvironment environment, Func<string?> work)
    {
        try
        {
            return Task.FromResult(work() is string error ? environment.RefuseUsage(error) : ExitCode.Ok);
        }
        catch (ContextException e)
        {
            return Task.FromResult(environment.RefuseUsage(e.Message));
        }
    }
}
