using System.Globalization;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Serving;

/// <summary>What keeps the broker from serving is said in one line, and by the exit code.</summary>
public sealed class RefusalTests
{
    private const int BadUsage = 3;
    private const int AddressInUse = 20;
    private const int ConfigurationWrong = 26;

    [Theory]
    [InlineData("Limits:PacketBytesMax=12")]
    [InlineData("Limits:PacketBytesMax=many")]
    [InlineData("Limits:ReceiveMaximum=0")]
    [InlineData("Limits:ReceiveMaximum=65536")]
    [InlineData("Limits:TopicLevelsMax=0")]
    [InlineData("Limits:SessionQueueFull=DropAll")]
    [InlineData("Limits:ConnectTimeout=10ms")]
    [InlineData("Limits:MaximumQos=3")]
    [InlineData("Memory:Budget=1MiB")]
    [InlineData("Limits:PacketByteMax=4096")]
    [InlineData("LoopKind=kqueue")]
    public Task A_wrong_option_is_named_in_one_line(string option) =>
        AssertRefusedAsync(ConfigurationWrong, option[..option.IndexOf('=', StringComparison.Ordinal)], "--set", option);

    [Theory]
    [InlineData("--no-such-flag")]
    [InlineData("--port", "seventy")]
    [InlineData("--port", "70000")]
    public Task A_wrong_flag_is_bad_usage(params string[] arguments) => AssertRefusedAsync(BadUsage, arguments[^1], arguments);

    [Fact]
    public async Task A_busy_port_is_named_in_one_line()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        string port = broker.Port.ToString(CultureInfo.InvariantCulture);

        await AssertRefusedAsync(AddressInUse, port, "--port", port);
    }

    private static async Task AssertRefusedAsync(int code, string named, params string[] arguments)
    {
        BrokerProcess.RequireStarling("the exit codes are ours.");
        string[] port = arguments.Contains("--port") ? [] : ["--port", "0"];
        await using ChildProcess process = BrokerProcess.Run(["serve", "--set", "Durability=memory", .. port, .. arguments]);

        int exitCode = await process.WaitForExitAsync();

        string line = Assert.Single(process.Errors.Snapshot());
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.Equal(code, exitCode);
        Assert.DoesNotContain("ready", process.Output.Snapshot());
    }
}
