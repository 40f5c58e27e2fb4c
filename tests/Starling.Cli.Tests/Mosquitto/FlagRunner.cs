using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Starling.Client;

namespace Starling.Cli.Tests.Mosquitto;

/// <summary>Runs a row with mosquitto's tool as a process, or with ours in this process under the same name.</summary>
internal sealed partial class FlagRunner(FlagFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static int _runs;

    public Task<ToolOutcome> RunTheirsAsync(FlagRow row) => RunAsync(row, RunProcessAsync);

    public Task<ToolOutcome> RunOursAsync(FlagRow row) => RunAsync(row, RunHereAsync);

    private async Task<ToolOutcome> RunAsync(FlagRow row, Func<FlagRow, string[], TemporaryFolder, CancellationToken, Task<(int, string, string)>> run)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        using TemporaryFolder folder = fixture.CreateFolder();
        string topic = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _runs):000000}");
        await using RecordingProxy proxy = new(fixture.BrokerPort, row.Proxy, folder.Path, fixture.Certificate);
        await PublishAsync(row.Before, topic);
        await using MqttSubscription? requests = row.Answer.Count > 0
            ? await fixture.Feeder.SubscribeAsync(topic + "/a", null, patience.Token)
            : null;
        Task feeding = FeedAsync(row, topic, proxy, requests, patience.Token);

        string[] args = [.. row.Args.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Fill(word, topic, proxy, folder))];
        (int code, string output, string error) = await run(row, args, folder, patience.Token);
        string packets = await proxy.EndAsync();
        await patience.CancelAsync();
        await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        string Mask(string text) => text.Replace(topic, "{t}", StringComparison.Ordinal).Replace(folder.Path, "{f}", StringComparison.Ordinal);
        return new ToolOutcome(
            code,
            Mask(Assigned().Replace(row.HasTimes ? MaskTimes(output) : output, "Client ASSIGNED ")),
            Mask(error),
            packets.Replace(Convert.ToHexString(Encoding.ASCII.GetBytes(topic)), "{t}", StringComparison.Ordinal),
            Files(folder));
    }

    private static string Fill(string word, string topic, RecordingProxy proxy, TemporaryFolder folder) => word
        .Replace("{t}", topic, StringComparison.Ordinal)
        .Replace("{p}", proxy.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{u}", proxy.UnixPath, StringComparison.Ordinal)
        .Replace("{f}", folder.Path, StringComparison.Ordinal)
        .Replace("''", "", StringComparison.Ordinal)
        .Replace('·', ' ');

    private async Task FeedAsync(FlagRow row, string topic, RecordingProxy proxy, MqttSubscription? requests, CancellationToken ct)
    {
        if (row.Feed.Count > 0)
        {
            await proxy.Subscribed.WaitAsync(ct);
            await PublishAsync(row.Feed, topic);
        }

        if (requests is not null)
        {
            await requests.ReadAsync(ct);
            await PublishAsync(row.Answer, topic);
        }
    }

    private async Task PublishAsync(IEnumerable<MqttMessage> messages, string topic)
    {
        foreach (MqttMessage message in messages)
        {
            await fixture.Feeder.PublishAsync(message with { Topic = $"{topic}/{message.Topic}" }, TestContext.Current.CancellationToken);
        }
    }

    internal static async Task<(int Code, string Output, string Error)> RunHereAsync(FlagRow row, string[] args, TemporaryFolder folder, CancellationToken ct)
    {
        using MemoryStream input = new(Encoding.UTF8.GetBytes(row.Input));
        using MemoryStream output = new();
        await using StringWriter error = new() { NewLine = "\n" };
        int code = await CommandLine.RunAsync(args, new CommandEnvironment
        {
            Program = $"/some/where/mosquitto_{row.Tool}",
            Input = input,
            Output = output,
            Error = error,
            Variable = name => name == "XDG_CONFIG_HOME" ? folder.Path : null,
            Interrupted = ct,
        });
        return (code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    internal static async Task<(int Code, string Output, string Error)> RunProcessAsync(FlagRow row, string[] args, TemporaryFolder folder, CancellationToken ct)
    {
        ProcessStartInfo start = new($"mosquitto_{row.Tool}", args)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["XDG_CONFIG_HOME"] = folder.Path;
        using Process process = Process.Start(start) ?? throw new InvalidOperationException(row.Tool);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(ct);
            Task<string> error = process.StandardError.ReadToEndAsync(ct);
            await process.StandardInput.WriteAsync(row.Input.AsMemory(), ct);
            process.StandardInput.Close();
            await process.WaitForExitAsync(ct);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    // Salts differ, so only the form of a hash is compared.
    private static string Files(TemporaryFolder folder)
    {
        StringBuilder text = new();
        foreach (string name in (ReadOnlySpan<string>)["users", "plain", "made", "broken"])
        {
            string path = folder.File(name);
            text.Append(name).Append('\n').Append(File.Exists(path) ? Hash().Replace(File.ReadAllText(path), static hash => $"<{hash.Length}>") : "none\n");
        }

        return text.ToString();
    }

    private static string MaskTimes(string text) => Word().Replace(Digit().Replace(text, "9"), "a");

    // A client identifier that the broker makes up.
    [GeneratedRegex("Client [a-z0-9]{22} ")]
    private static partial Regex Assigned();

    [GeneratedRegex("[0-9]")]
    private static partial Regex Digit();

    [GeneratedRegex("\\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)(day)?\\b")]
    private static partial Regex Word();

    [GeneratedRegex("(?<=\\$)[A-Za-z0-9+/=]{10,}")]
    private static partial Regex Hash();
}
