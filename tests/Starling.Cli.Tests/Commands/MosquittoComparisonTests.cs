using System.Diagnostics;

namespace Starling.Cli.Tests.Commands;

/// <summary>The same flags give the same output and exit code as mosquitto's tools, where the exit codes are meant to be equal.</summary>
public sealed class MosquittoComparisonTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    public static TheoryData<string> SubFlags =>
    [
        "-t cmp/one -C 1 -W 10",
        "-t cmp/one -v -C 1 -W 10",
        "-t cmp/one -N -C 1 -W 10",
        "-t cmp/one -v -N -C 1 -W 10",
        "-t cmp/one -V mqttv5 -q 1 -C 1 -W 10",
        "-t cmp/one -V mqttv31 -q 2 -C 1 -W 10",
        "-t cmp/bytes -C 1 -W 10",
        "-t cmp/+ -T cmp/bytes -v -C 1 -W 10",

        "-t cmp/one -k 5 -i cmp-id -x 10 -V 5 -C 1 -W 10",
        "-t cmp/none -W 1",
        "-t cmp/one -E -W 10",
        "-t cmp/one -c -i cmp-kept -C 1 -W 10",
        "-t cmp/one --will-topic w --will-payload x --will-qos 1 --will-retain -C 1 -W 10",
    ];

    public static TheoryData<string, string> PubFlags => new()
    {
        { "-m hello", "" },
        { "-m hello -q 1", "" },
        { "-m hello -q 2 -V mqttv5", "" },
        { "-m -h", "" },
        { "-m @home", "" },
        { "-m hello -V mqttv31 -i cmp-pub -k 7", "" },
        { "-s", "whole\ninput\n" },
        { "-l", "only line" },
        { "-l", "first\nlast\n" },
        { "-m hello -D publish content-type text/plain -V mqttv5", "" },
        { "-m hello --repeat 2 -q 1", "" },
    };

    [Theory, MemberData(nameof(SubFlags))]
    public async Task Sub_prints_and_ends_as_mosquitto_sub_does(string flags)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mosquitto_sub"), "mosquitto_sub is not installed (Debian: mosquitto-clients).");
        await CliRun.RunAsync(["pub", .. broker.Address, "-t", "cmp/one", "-m", "the payload", "-r", "-q", "1"]);
        await CliRun.RunAsync(["pub", .. broker.Address, "-t", "cmp/bytes", "-s", "-r", "-q", "1"], new CliSurroundings { Input = [1, 0, 0x41, 10, 13, 9] });
        string[] args = [.. broker.Address, .. flags.Split(' ')];

        (int code, string output) = await RunMosquittoAsync("mosquitto_sub", args, "");
        CliRun ours = await CliRun.RunAsync(["sub", .. args]);

        Assert.Equal((code, output), (ours.Code, ours.Output));
    }

    [Theory, MemberData(nameof(PubFlags))]
    public async Task Pub_publishes_and_ends_as_mosquitto_pub_does(string flags, string input)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mosquitto_pub"), "mosquitto_pub is not installed (Debian: mosquitto-clients).");
        string[] args = [.. broker.Address, "-t", "cmp/pub", "-r", .. flags.Split(' ')];
        CliSurroundings surroundings = new() { Input = System.Text.Encoding.UTF8.GetBytes(input) };

        (int code, string output) = await RunMosquittoAsync("mosquitto_pub", args, input);
        string theirs = await RetainedAsync();
        CliRun ours = await CliRun.RunAsync(["pub", .. args], surroundings);

        Assert.Equal((code, output, theirs), (ours.Code, ours.Output, await RetainedAsync()));
    }

    private async Task<string> RetainedAsync()
    {
        CliRun run = await CliRun.RunAsync(["sub", .. broker.Address, "-t", "cmp/pub", "-C", "1", "-W", "10"]);
        await CliRun.RunAsync(["pub", .. broker.Address, "-t", "cmp/pub", "-n", "-r", "-q", "1"]);
        return run.Output;
    }

    private static async Task<(int Code, string Output)> RunMosquittoAsync(string name, string[] args, string input)
    {
        ProcessStartInfo start = new(name, args) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException(name);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await error;
        return (process.ExitCode, output);
    }
}
