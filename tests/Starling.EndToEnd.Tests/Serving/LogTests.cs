using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Processes;
using Starling.EndToEnd.Tests.Wire;

namespace Starling.EndToEnd.Tests.Serving;

/// <summary>One line per connect and one per disconnect.</summary>
public sealed class LogTests
{
    private const int SessionTakenOver = 0x8E;

    public static TheoryData<Level> Levels => [Level.V31, Level.V311, Level.V50];

    [Theory, MemberData(nameof(Levels))]
    public async Task A_connect_is_one_line_with_client_address_version_keep_alive_and_session(Level level)
    {
        BrokerProcess.RequireStarling("the form of the log is ours.");
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        ConnectFields fields = ConnectFields.New(level) with { KeepAliveSeconds = 47 };
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, fields);

        string line = await WaitForLineAsync(broker, fields, "connected");

        Assert.Contains(client.LocalAddress, line, StringComparison.Ordinal);
        Assert.Contains(level switch { Level.V31 => "3.1", Level.V311 => "3.1.1", _ => "5.0" }, line, StringComparison.Ordinal);
        Assert.Contains("47", line, StringComparison.Ordinal);
        Assert.Contains("session", line, StringComparison.OrdinalIgnoreCase);
        Assert.Single(LinesOf(broker, fields));
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_disconnect_is_one_line_with_the_reason(Level level)
    {
        BrokerProcess.RequireStarling("the form of the log is ours.");
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        ConnectFields polite = ConnectFields.New(level);
        ConnectFields abrupt = ConnectFields.New(level);
        await using (WireClient client = await WireClient.ConnectAsync(broker.Port, polite))
        {
            await client.SendAsync(PacketBytes.Disconnect);
            Assert.Null(await client.ReadAsync());
        }

        await (await WireClient.ConnectAsync(broker.Port, abrupt)).DisposeAsync();

        Assert.Contains("client", await WaitForLineAsync(broker, polite, "disconnected"), StringComparison.OrdinalIgnoreCase);
        await WaitForLineAsync(broker, abrupt, "disconnected");
        Assert.Equal(2, LinesOf(broker, polite).Count());
        Assert.Equal(2, LinesOf(broker, abrupt).Count());
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_takeover_ends_the_old_connection_with_0x8E_and_says_so(Level level)
    {
        BrokerProcess.SkipForMosquitto(level == Level.V50, "mosquitto 2.0.11 closes without DISCONNECT.");
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        ConnectFields fields = ConnectFields.New(level);
        await using WireClient old = await WireClient.ConnectAsync(broker.Port, fields);
        await using WireClient successor = await WireClient.ConnectAsync(broker.Port, fields);

        await old.AssertEndedAsync(SessionTakenOver);
        await successor.PingAsync();
        await BrokerLog.AssertLineAsync(broker, fields.ClientIdentifier, "session taken over");
    }

    [Fact]
    public async Task The_start_message_names_listeners_and_limits_and_ends_with_ready()
    {
        BrokerProcess.RequireStarling("the start message is ours.");
        await using BrokerProcess broker = await BrokerProcess.StartAsync();

        IReadOnlyList<string> lines = broker.Log.Snapshot();

        Assert.Equal("ready", lines[^1]);
        Assert.InRange(lines.Count, 3, 10);
        Assert.Contains(lines, line => line.Contains($"127.0.0.1:{broker.Port}", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("data", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(lines, line => line.Contains("memory", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Quiet_prints_nothing_but_ready()
    {
        BrokerProcess.RequireStarling("the flag is ours.");
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerSettings.Default with { IsQuiet = true });
        await using (WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(Level.V50)))
        {
            await client.SendAsync(PacketBytes.Disconnect);
            Assert.Null(await client.ReadAsync());
        }

        Assert.Equal(0, await broker.StopAsync());
        Assert.Equal(["ready"], broker.Log.Snapshot());
    }

    private static IEnumerable<string> LinesOf(BrokerProcess broker, ConnectFields fields) =>
        broker.Log.Snapshot().Where(line => line.Contains(fields.ClientIdentifier, StringComparison.Ordinal));

    private static Task<string> WaitForLineAsync(BrokerProcess broker, ConnectFields fields, string word) => broker.Log.WaitForAsync(
        line => line.Contains(fields.ClientIdentifier, StringComparison.Ordinal)
            && line.Split(' ', ',', ':', '.').Contains(word, StringComparer.OrdinalIgnoreCase),
        $"{fields.ClientIdentifier} {word}",
        limit: Patience.Normal);
}
