using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Processes;
using Starling.EndToEnd.Tests.Storing;

namespace Starling.EndToEnd.Tests.Packages;

/// <summary>What a stranger does: adds the package, copies a sample, runs it.</summary>
public sealed partial class PackageTests : IDisposable
{
    private const string Version = "0.1.0-test.1";

    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("starling-package-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_stranger_adds_the_package_copies_the_sample_and_has_a_resilient_subscriber()
    {
        BrokerProcess.RequireStarling("its client and its broker");
        await PackAsync();
        CheckContents();
        int port = BrokerProcess.FreePort();
        BrokerSettings settings = BrokerSettings.Default with { Port = port };
        await using BrokerProcess first = await BrokerProcess.StartAsync(settings);
        string program = await BuildAppAsync(port);

        await using ChildProcess app = ChildProcess.Start(program, []);
        await PublishUntilPrintedAsync(app, port, "sensors/7/temp", "sensors/7/temp 4 B");
        Assert.Equal(0, await first.StopAsync());
        await using BrokerProcess second = await BrokerProcess.StartAsync(settings);

        await PublishUntilPrintedAsync(app, port, "sensors/8/temp", "sensors/8/temp 4 B");
        Assert.False(app.HasExited);
    }

    private static string Configuration() =>
        AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";

    private static string Sample()
    {
        string guide = File.ReadAllText(Path.Combine(Tool.RepositoryRoot(), "docs", "client", "README.md"));
        return SecondSample().Match(guide).Groups[1].Value;
    }

    // The subscriber connects, or connects again, at its own pace: what is published before that has no subscriber.
    private static async Task PublishUntilPrintedAsync(ChildProcess app, int port, string topic, string line)
    {
        using CancellationTokenSource patience = Patience.Start(Patience.Long);
        while (!app.Output.Snapshot().Contains(line))
        {
            Assert.False(patience.IsCancellationRequested, $"The subscriber did not print '{line}'. It printed:\n{app.Output}\n{app.Errors}");
            Assert.False(app.HasExited, $"The subscriber ended:\n{app.Output}\n{app.Errors}");
            await ToolRun.SucceedAsync("pub", "-p", port.ToString(CultureInfo.InvariantCulture), "-q", "1", "-t", topic, "-m", "21.5");
        }
    }

    [GeneratedRegex("<!-- sample 2 -->\\s+```csharp\\n(.*?)\\n```", RegexOptions.Singleline)]
    private static partial Regex SecondSample();

    private async Task PackAsync() =>
        await DotnetAsync(Tool.RepositoryRoot(), "pack", "src/Starling.Client", "-c", Configuration(), "--no-build", "-o", Path.Combine(_folder, "feed"), $"-p:PackageVersion={Version}", "--nologo");

    // One package: its parts are inside, and what it needs besides is of Microsoft.Extensions.
    private void CheckContents()
    {
        string file = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "feed"), "*.nupkg"));
        using ZipArchive package = ZipFile.OpenRead(file);
        string[] names = [.. package.Entries.Select(entry => entry.FullName)];
        foreach (string assembly in new[] { "Starling.Client", "Starling.Protocol", "Starling.Transports" })
        {
            Assert.Contains($"lib/net10.0/{assembly}.dll", names);
            Assert.Contains($"lib/net10.0/{assembly}.xml", names);
        }

        Assert.Contains("README.md", names);
        using StreamReader reader = new(package.Entries.Single(entry => entry.Name == "Starling.Client.nuspec").Open());
        string nuspec = reader.ReadToEnd();
        Assert.Contains("<license type=\"expression\">MIT</license>", nuspec, StringComparison.Ordinal);
        string[] needed = [.. Dependency().Matches(nuspec).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(needed);
        Assert.All(needed, static id => Assert.StartsWith("Microsoft.Extensions.", id, StringComparison.Ordinal));
    }

    private async Task<string> BuildAppAsync(int port)
    {
        // The packages of this user are read, and nothing is written among them.
        string shared = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(Path.Combine(_folder, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="local" value="feed" /></packageSources>
              <fallbackPackageFolders><add key="shared" value="{shared}" /></fallbackPackageFolders>
              <config><add key="globalPackagesFolder" value="packages" /></config>
            </configuration>
            """, TestContext.Current.CancellationToken);
        string app = Path.Combine(_folder, "app");
        await DotnetAsync(_folder, "new", "console", "-o", app, "--no-restore");
        await DotnetAsync(app, "add", "package", "Starling.Client", "--version", Version);
        string text = Sample().Replace("localhost:1883", $"127.0.0.1:{port}", StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{port}", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(app, "Program.cs"), text, TestContext.Current.CancellationToken);
        await DotnetAsync(app, "build", "-c", "Release", "--nologo", "-warnaserror", "-o", Path.Combine(_folder, "built"));
        return Path.Combine(_folder, "built", "app");
    }

    private static async Task DotnetAsync(string folder, params string[] arguments)
    {
        // The shell changes the folder, and leaves the environment but for what would choose another folder of packages.
        string command = $"cd '{folder}' && unset NUGET_PACKAGES && exec dotnet \"$@\"";
        await using ChildProcess process = ChildProcess.Start("/bin/sh", ["-c", command, "sh", .. arguments]);
        int code = await process.WaitForExitAsync(BuildLimit);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)} ended with {code}:\n{process.Output}\n{process.Errors}");
    }

    [GeneratedRegex("<dependency id=\"([^\"]+)\"")]
    private static partial Regex Dependency();
}
