using System.Text;
using Starling.Cli.Flags;
using Starling.Protocol;

namespace Starling.Cli.Tests.Contexts;

/// <summary>Flag, -L, context, environment, default: each counts more than what follows it.</summary>
public sealed class PrecedenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables;

    public PrecedenceTests() => _variables = new() { ["XDG_CONFIG_HOME"] = _folder.Path };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Default_is_what_is_left()
    {
        Expect("localhost", 1883, null, null, await ReadAsync());
    }

    [Fact]
    public async Task Environment_is_more_than_the_default()
    {
        SetEnvironment();

        Expect("env-host", 1111, "env-user", "env-pw", await ReadAsync());
    }

    [Fact]
    public async Task Empty_variables_are_as_none()
    {
        foreach (string name in (string[])["STARLING_URL", "STARLING_USERNAME", "STARLING_PASSWORD", "STARLING_CONTEXT"])
        {
            _variables[name] = "";
        }

        Expect("localhost", 1883, null, null, await ReadAsync());
    }

    [Fact]
    public async Task Path_of_a_WebSocket_URL_is_where_MQTT_is_and_no_topic()
    {
        ConnectionSettings read = await ReadAsync("-L", "ws://host:8080/my/path");

        Assert.Equal(("ws://host:8080/my/path", null), (read.Server.ToString(), read.UrlTopic));
        Assert.Equal("ws://host:8080/mqtt", (await ReadAsync("-L", "ws://host:8080")).Server.ToString());
    }

    [Fact]
    public async Task User_of_the_URL_in_the_environment_is_more_than_the_variable_for_it()
    {
        SetEnvironment();
        _variables["STARLING_URL"] = "mqtt://url-user:url-pw@env-host";

        Expect("env-host", 1883, "url-user", "url-pw", await ReadAsync());
    }

    [Fact]
    public async Task Context_is_more_than_the_environment()
    {
        SetEnvironment();
        await AddAsync("-h", "kept-host", "-p", "2222", "-u", "kept-user", "-P", "kept-pw");

        Expect("kept-host", 2222, "kept-user", "kept-pw", await ReadAsync("--context", "saved"));
    }

    [Fact]
    public async Task Where_the_context_says_nothing_the_environment_counts()
    {
        SetEnvironment();
        await AddAsync("-i", "kept-id");

        ConnectionSettings read = await ReadAsync("--context", "saved");

        Expect("env-host", 1111, "env-user", "env-pw", read);
        Assert.Equal("kept-id", read.ClientIdentifier);
    }

    [Fact]
    public async Task Host_of_the_context_does_not_get_the_port_of_the_environment()
    {
        SetEnvironment();
        await AddAsync("-h", "kept-host");

        Expect("kept-host", 1883, "env-user", "env-pw", await ReadAsync("--context", "saved"));
    }

    [Fact]
    public async Task URL_is_more_than_the_context()
    {
        await AddAsync("-h", "kept-host", "-p", "2222", "-u", "kept-user", "-P", "kept-pw");

        Expect("url-host", 1883, "url-user", "kept-pw", await ReadAsync("--context", "saved", "-L", "mqtt://url-user@url-host"));
    }

    [Fact]
    public async Task Flag_is_more_than_the_URL()
    {
        Expect("flag-host", 4444, "flag-user", "flag-pw", await ReadAsync(
            "-L", "mqtt://url-user:url-pw@url-host:3333", "-h", "flag-host", "-p", "4444", "-u", "flag-user", "-P", "flag-pw"));
    }

    [Fact]
    public async Task Flag_is_more_than_the_context()
    {
        await AddAsync("-L", "mqtt://kept-user:kept-pw@kept-host:2222", "-k", "7", "-V", "311");

        ConnectionSettings read = await ReadAsync("--context", "saved", "-p", "4444", "-k", "8");

        Expect("kept-host", 4444, "kept-user", "kept-pw", read);
        Assert.Equal((8, MqttVersion.V311, true), (read.KeepAliveSeconds, read.Version, read.IsVersionChosen));
    }

    [Fact]
    public async Task Named_context_is_more_than_the_variable_and_that_more_than_the_chosen_one()
    {
        await AddAsync("chosen", "-h", "chosen");
        await AddAsync("ambient", "-h", "ambient");
        await AddAsync("named", "-h", "named");
        await RunAsync("context", "use", "chosen");
        Assert.Equal("chosen", (await ReadAsync()).Host);

        _variables["STARLING_CONTEXT"] = "ambient";
        Assert.Equal("ambient", (await ReadAsync()).Host);
        Assert.Equal("named", (await ReadAsync("--context", "named")).Host);
    }

    [Theory]
    [InlineData("-h", "other")]
    [InlineData("-L", "mqtt://other")]
    public async Task Server_that_a_flag_names_gets_no_password_of_a_context_nobody_named(params string[] flags)
    {
        await AddAsync("-h", "kept-host", "-p", "2222", "-u", "kept-user", "-P", "kept-pw");
        await RunAsync("context", "use", "saved");

        Expect("other", 1883, null, null, await ReadAsync(flags));
        Expect("kept-host", 4444, "kept-user", "kept-pw", await ReadAsync("-p", "4444"));
    }

    [Fact]
    public async Task Way_of_a_context_gives_way_to_a_server_on_the_command_line()
    {
        string socket = _folder.File("mqtt.sock");
        await AddAsync("--unix", socket);
        Assert.Equal(("unix", socket), Way(await ReadAsync("--context", "saved")));

        Assert.Equal("mqtt://other:1883/", (await ReadAsync("--context", "saved", "-h", "other")).Server.ToString());
        Assert.Equal("mqtt://other:1884/", (await ReadAsync("--context", "saved", "-L", "mqtt://other:1884")).Server.ToString());
    }

    [Fact]
    public async Task Socket_on_the_command_line_leaves_an_ambient_context_and_the_URL_of_the_environment_out()
    {
        await AddAsync("-h", "kept-host", "-u", "kept-user", "-P", "kept-pw");
        await RunAsync("context", "use", "saved");
        _variables["STARLING_URL"] = "mqtts://env-host";

        ConnectionSettings read = await ReadAsync("--unix", "/run/mqtt.sock");

        Assert.Equal(("unix", "/run/mqtt.sock"), Way(read));
        Assert.Null(read.UserName);
    }

    [Fact]
    public async Task TLS_of_a_context_stays_and_its_port_is_the_usual_one_for_a_URL()
    {
        await AddAsync("-L", "wss://kept-host:443", "--tls-use-os-certs");

        Assert.Equal("wss://kept-host/mqtt", (await ReadAsync("--context", "saved")).Server.ToString());
        Assert.Equal("mqtts://other:8883/", (await ReadAsync("--context", "saved", "-L", "mqtt://other")).Server.ToString());
    }

    [Fact]
    public async Task Client_Identifier_on_the_command_line_is_more_than_a_prefix_in_the_context()
    {
        await AddAsync("-I", "kept-");

        Assert.StartsWith("kept-", (await ReadAsync("--context", "saved")).ClientIdentifier, StringComparison.Ordinal);
        Assert.Equal("mine", (await ReadAsync("--context", "saved", "-i", "mine")).ClientIdentifier);
    }

    [Theory]
    [InlineData("bench pub", "--ws")]
    [InlineData("conform", "--tls-use-os-certs")]
    public async Task Command_that_knows_TCP_only_refuses_a_context_that_leads_elsewhere(string command, string flag)
    {
        await AddAsync("-h", "kept-host", flag);

        CliRun run = await CliRun.RunAsync([.. command.Split(' '), "--context", "saved"], new CliSurroundings { Variables = _variables });

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.StartsWith($"starling: context saved: {flag} is not supported: bench and conform open connections of their own", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switches_and_Wills_are_kept()
    {
        await AddAsync("-i", "me", "-c", "--will-topic", "w", "--will-qos", "1", "--will-retain");

        ConnectionSettings read = await ReadAsync("--context", "saved");

        Assert.False(read.CleanStart);
        Assert.Equal(("w", QualityOfService.AtLeastOnce, true), (read.Will?.Topic, read.Will?.Qos, read.Will?.Retain));
    }

    private static (string Scheme, string Path) Way(ConnectionSettings read) => (read.Server.Scheme, read.Server.AbsolutePath);

    private static void Expect(string host, int port, string? user, string? password, ConnectionSettings read) => Assert.Equal(
        (host, port, user, password),
        (read.Host, read.Port, read.UserName, read.Password is null ? null : Encoding.UTF8.GetString(read.Password)));

    private void SetEnvironment()
    {
        _variables["STARLING_URL"] = "mqtt://env-host:1111";
        _variables["STARLING_USERNAME"] = "env-user";
        _variables["STARLING_PASSWORD"] = "env-pw";
    }

    private Task AddAsync(params string[] flags) => RunAsync(["context", "add", .. flags[0][0] == '-' ? ["saved"] : Array.Empty<string>(), .. flags]);

    private async Task RunAsync(params string[] args)
    {
        CliRun run = await CliRun.RunAsync(args, new CliSurroundings { Variables = _variables });
        Assert.True(run.Code == ExitCode.Ok, run.Error);
    }

    private Task<ConnectionSettings> ReadAsync(params string[] args)
    {
        FlagSet command = [];
        ConnectionFlags flags = new();
        flags.AddTo(command);
        FlagReader reader = new(command.Parse(args));
        ConnectionSettings settings = flags.Read(reader, new CommandEnvironment
        {
            Input = Stream.Null,
            Output = Stream.Null,
            Error = TextWriter.Null,
            Variable = name => _variables.GetValueOrDefault(name),
            Interrupted = TestContext.Current.CancellationToken,
        });
        Assert.Null(reader.Error);
        return Task.FromResult(settings);
    }
}
