using System.Diagnostics;

namespace Starling.Measuring;

/// <summary>The folder bench of the repository, and its programs as processes. What is missing on this machine skips the test.</summary>
internal static class Bench
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static string Root { get; } = FindRoot();

    public static string Sample { get; } = Path.Combine(AppContext.BaseDirectory, "Samples", "results.jsonl");

    /// <summary>A program that the solution has built in Release.</summary>
    public static string Built(string folder, string name) => Path.Combine(Root, folder, "bin", "Release", "net10.0", name);

    public static bool IsInstalled(string name) => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/usr/bin")
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, name)));

    /// <summary>Runs a Python script of the repository, on the broker that the solution has built.</summary>
    public static Task<RunResult> ScriptAsync(string script, params IEnumerable<string> arguments) =>
        PythonAsync([Path.Combine(Root, script), .. arguments]);

    public static Task<RunResult> PythonAsync(IEnumerable<string> arguments)
    {
        Assert.SkipUnless(File.Exists(Python), "Python is not installed (Debian package python3).");
        return RunAsync(Python, ["-B", .. arguments]);
    }

    public static async Task<RunResult> RunAsync(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
        start.Environment["STARLING_BIN"] = Built("src/Starling.Cli", "starling");
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
        process.StandardInput.Close();
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(late.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(late.Token);
            await process.WaitForExitAsync(late.Token);
            return new RunResult(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} was not done within {Limit}.");
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Starling.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Starling.slnx above {AppContext.BaseDirectory}.");
    }
}
