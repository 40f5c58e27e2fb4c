using System.Globalization;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Tools;

/// <summary>The built tool, called through links with the names of mosquitto's tools, and by another name with exec.</summary>
public sealed class LinkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("starling-links-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Script_of_mosquitto_runs_unchanged_when_the_names_are_links()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        Link("mosquitto_pub");
        Link("mosquitto_sub");
        string port = broker.Port.ToString(CultureInfo.InvariantCulture);

        await SucceedAsync("mosquitto_pub", "-p", port, "-t", "links/a", "-m", "through a link", "-r", "-q", "1");
        IReadOnlyList<string> received = await SucceedAsync("mosquitto_sub", "-p", port, "-t", "links/#", "-C", "1", "-F", "%t %p");

        Assert.Equal(["links/a through a link"], received);
    }

    // A shell without job control starts what goes into the background with SIGINT ignored.
    [Fact]
    public async Task Script_stops_a_subscriber_in_the_background_by_SIGINT()
    {
        const string Script =
            """
            "$1" -p "$2" -t '#' -d > "$3" & subscriber=$!
            for i in $(seq 300); do grep -q SUBACK "$3" && break; sleep 0.1; done
            kill -INT $subscriber
            for i in $(seq 300); do kill -0 $subscriber 2> /dev/null || break; sleep 0.1; done
            kill -KILL $subscriber 2> /dev/null
            wait $subscriber; echo "ended $?"
            """;
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        Link("mosquitto_sub");
        string port = broker.Port.ToString(CultureInfo.InvariantCulture);

        await using ChildProcess shell = ChildProcess.Start("/bin/bash", ["-c", Script, "script", Path.Combine(_folder, "mosquitto_sub"), port, Path.Combine(_folder, "log")]);
        Assert.Equal(0, await shell.WaitForExitAsync(Patience.Long));

        Assert.Equal(["ended 0"], shell.Output.Snapshot());
    }

    [Theory]
    [InlineData("mosquitto_pub", "mosquitto_pub version 2.0.11 running on libmosquitto 2.0.11.")]
    [InlineData("mosquitto_sub", "mosquitto_sub version 2.0.11 running on libmosquitto 2.0.11.")]
    [InlineData("mosquitto_rr", "mosquitto_rr version 2.0.11 running on libmosquitto 2.0.11.")]
    public async Task Name_of_a_link_makes_the_tool(string name, string version)
    {
        BrokerProcess.RequireStarling("the tool is ours.");
        Link(name);

        await using ChildProcess direct = ChildProcess.Start(Path.Combine(_folder, name), ["--version"]);
        await using ChildProcess named = ChildProcess.Start("/bin/bash", ["-c", $"exec -a {name} '{BrokerProcess.StarlingProgram()}' --version"]);
        int code = await direct.WaitForExitAsync(Patience.Long);
        int other = await named.WaitForExitAsync(Patience.Long);

        Assert.Equal((1, 1), (code, other));
        Assert.Equal([version], direct.Output.Snapshot());
        Assert.Equal([version], named.Output.Snapshot());
    }

    [Fact]
    public async Task Mosquitto_lets_in_who_stands_in_a_password_file_of_ours_and_we_change_one_of_its()
    {
        string mosquitto = Tool.Require("mosquitto", "mosquitto");
        string passwd = Tool.Require("mosquitto_passwd", "mosquitto");
        Link("mosquitto_passwd");
        Link("mosquitto_pub");
        string file = Path.Combine(_folder, "users");
        await using (ChildProcess theirs = ChildProcess.Start(passwd, ["-c", "-b", file, "theirs", "first"]))
        {
            Assert.Equal(0, await theirs.WaitForExitAsync());
        }

        await SucceedAsync("mosquitto_passwd", "-b", file, "ours", "second");
        await SucceedAsync("mosquitto_passwd", "-H", "sha512", "-b", file, "old", "third");
        string configuration = Path.Combine(_folder, "mosquitto.conf");
        int port = BrokerProcess.FreePort();
        await File.WriteAllTextAsync(
            configuration,
            string.Create(CultureInfo.InvariantCulture, $"listener {port} 127.0.0.1\nallow_anonymous false\nuser root\npassword_file {file}\nlog_dest stderr\nlog_type all\n"),
            TestContext.Current.CancellationToken);
        await using ChildProcess broker = ChildProcess.Start(mosquitto, ["-c", configuration]);
        await broker.Errors.WaitForAsync(static line => line.Contains("running", StringComparison.Ordinal), "the broker is running");

        foreach ((string user, string password, int code) in ((string, string, int)[])
            [("theirs", "first", 0), ("ours", "second", 0), ("old", "third", 0), ("ours", "wrong", 5)])
        {
            ChildProcess login = ChildProcess.Start(
                Path.Combine(_folder, "mosquitto_pub"),
                ["-p", port.ToString(CultureInfo.InvariantCulture), "-u", user, "-P", password, "-t", "a", "-m", "b", "-q", "1"]);
            await using (login)
            {
                Assert.True(code == await login.WaitForExitAsync(Patience.Long), $"{user}: {login.Errors}");
            }
        }

        broker.Signal(ChildProcess.Terminate);
        await broker.WaitForExitAsync();
    }

    private void Link(string name) => File.CreateSymbolicLink(Path.Combine(_folder, name), BrokerProcess.StarlingProgram());

    private async Task<IReadOnlyList<string>> SucceedAsync(string name, params string[] args)
    {
        await using ChildProcess process = ChildProcess.Start(Path.Combine(_folder, name), args);
        int code = await process.WaitForExitAsync(Patience.Long);
        Assert.True(code == 0, $"{name} {string.Join(' ', args)} ended with {code}:\n{process.Output}\n{process.Errors}");
        return process.Output.Snapshot();
    }
}
