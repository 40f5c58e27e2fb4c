using System.CommandLine;
using System.Text;
using Starling.Cli.Commands;
using Starling.Cli.Flags;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Cli.Tests.Flags;

public sealed class FlagTests
{
    [Fact]
    public void Defaults_of_a_connection_are_those_of_mosquitto_but_for_the_version()
    {
        ConnectionSettings connection = Connection();

        Assert.Equal(("localhost", 1883, 60), (connection.Host, connection.Port, connection.KeepAliveSeconds));
        Assert.Equal((MqttVersion.V5, false), (connection.Version, connection.IsVersionChosen));
        Assert.Equal((true, 0u), (connection.CleanStart, connection.SessionExpirySeconds));
        Assert.Null(connection.ClientIdentifier);
        Assert.Null(connection.UserName);
        Assert.Null(connection.Password);
        Assert.Null(connection.Will);
    }

    [Theory]
    [InlineData("-h", "--host")]
    [InlineData("-p", "--port")]
    [InlineData("-u", "--username")]
    [InlineData("-P", "--pw")]
    [InlineData("-i", "--id")]
    [InlineData("-k", "--keepalive")]
    [InlineData("-V", "--mqtt")]
    [InlineData("-V", "--protocol-version")]
    [InlineData("-x", "--session-expiry-interval")]
    [InlineData("-L", "--url")]
    [InlineData("-c", "--disable-clean-session")]
    [InlineData("-d", "--debug")]
    [InlineData("-D", "--property")]
    [InlineData("-t", "--topic")]
    [InlineData("-q", "--qos")]
    public void Short_and_long_name_are_the_same_flag_in_pub_and_sub(string shortName, string longName) =>
        Assert.All(
            new Command[] { new PubCommand().Syntax, new SubCommand().Syntax },
            command => Assert.Contains(command.Options, o => Names(o).Contains(shortName) && Names(o).Contains(longName)));

    [Theory]
    [InlineData("5", MqttVersion.V5)]
    [InlineData("5.0", MqttVersion.V5)]
    [InlineData("mqttv5", MqttVersion.V5)]
    [InlineData("311", MqttVersion.V311)]
    [InlineData("3.1.1", MqttVersion.V311)]
    [InlineData("mqttv311", MqttVersion.V311)]
    [InlineData("31", MqttVersion.V31)]
    [InlineData("3.1", MqttVersion.V31)]
    [InlineData("mqttv31", MqttVersion.V31)]
    public void Version_has_the_names_of_mosquitto_and_ours(string name, MqttVersion version)
    {
        ConnectionSettings connection = Connection("-V", name);

        Assert.Equal((version, true), (connection.Version, connection.IsVersionChosen));
    }

    [Fact]
    public void Flags_of_a_connection_are_read()
    {
        ConnectionSettings connection = Connection("-h", "broker", "-p", "1884", "-u", "me", "-P", "secret", "-i", "id-1", "-k", "5", "-c", "-d", "--quiet");

        Assert.Equal(("broker", 1884, "me", "id-1", 5), (connection.Host, connection.Port, connection.UserName, connection.ClientIdentifier, connection.KeepAliveSeconds));
        Assert.Equal("secret"u8.ToArray(), connection.Password);
        Assert.Equal((false, uint.MaxValue), (connection.CleanStart, connection.SessionExpirySeconds));
        Assert.True(connection.IsDebug);
        Assert.True(connection.IsQuiet);
    }

    [Theory]
    [InlineData("-1", uint.MaxValue)]
    [InlineData("∞", uint.MaxValue)]
    [InlineData("0", 0)]
    [InlineData("3600", 3600)]
    [InlineData("4294967295", uint.MaxValue)]
    public void Session_expiry_is_read(string text, uint seconds) => Assert.Equal(seconds, Connection("-x", text).SessionExpirySeconds);

    [Fact]
    public void Url_gives_server_user_and_topic()
    {
        ConnectionSettings connection = Connection("-L", "mqtt://me:s%40cret@broker:1884/a/b%20c");

        Assert.Equal(("broker", 1884, "me", "a/b c"), (connection.Host, connection.Port, connection.UserName, connection.UrlTopic));
        Assert.Equal("s@cret"u8.ToArray(), connection.Password);
    }

    [Fact]
    public void Flag_counts_more_than_url_and_url_more_than_variable()
    {
        Dictionary<string, string> variables = new() { ["STARLING_URL"] = "mqtt://third", ["STARLING_USERNAME"] = "third" };

        ConnectionSettings connection = Connection(variables, "-L", "mqtt://second@second:2", "-h", "first");

        Assert.Equal(("first", 2, "second"), (connection.Host, connection.Port, connection.UserName));
    }

    [Fact]
    public void Variables_count_when_there_is_no_flag()
    {
        Dictionary<string, string> variables = new()
        {
            ["STARLING_URL"] = "mqtt://broker:1884", ["STARLING_USERNAME"] = "me", ["STARLING_PASSWORD"] = "secret",
        };

        ConnectionSettings connection = Connection(variables);

        Assert.Equal(("broker", 1884, "me"), (connection.Host, connection.Port, connection.UserName));
        Assert.Equal("secret"u8.ToArray(), connection.Password);
    }

    [Fact]
    public void Will_is_read()
    {
        WillSettings will = Assert.IsType<WillSettings>(
            Connection("--will-topic", "w", "--will-payload", "gone", "--will-qos", "1", "--will-retain").Will);

        Assert.Equal(("w", "gone", QualityOfService.AtLeastOnce, true), (will.Topic, Encoding.UTF8.GetString(will.Payload), will.Qos, will.Retain));
    }

    [Fact]
    public void Value_that_looks_like_a_flag_is_a_value()
    {
        PubSettings settings = Pub("-t", "a", "-m", "-h");

        Assert.Equal((PayloadSource.Text, "-h"), (settings.Source, settings.Text));
    }

    [Fact]
    public void Value_that_begins_with_an_at_sign_is_no_file() => Assert.Equal("@home", Pub("-t", "a", "-m", "@home").Text);

    [Theory]
    [InlineData("Lines", "-l")]
    [InlineData("Input", "-s")]
    [InlineData("Empty", "-n")]
    public void Source_of_the_payload_is_read(string source, string flag) => Assert.Equal(source, Pub("-t", "a", flag).Source.ToString());

    [Fact]
    public void Flags_of_pub_are_read()
    {
        PubSettings settings = Pub("-t", "a", "-f", "file", "-q", "2", "-r", "--repeat", "3", "--repeat-delay", "0.5", "-M", "7");

        Assert.Equal((PayloadSource.File, "file"), (settings.Source, settings.Text));
        Assert.Equal(("a", QualityOfService.ExactlyOnce, true), (settings.Template.Topic, settings.Template.Qos, settings.Template.Retain));
        Assert.Equal((3, TimeSpan.FromSeconds(0.5), 7), (settings.Repetitions, settings.RepeatDelay, settings.InFlightMax));
    }

    [Fact]
    public void Properties_of_a_message_are_read_in_order()
    {
        MqttMessage message = Pub(
            "-t", "a", "-D", "publish", "content-type", "text/plain", "-D", "publish", "user-property", "k", "v1", "-m", "x",
            "-D", "PUBLISH", "user-property", "k", "v2", "-D", "publish", "message-expiry-interval", "30",
            "-D", "publish", "response-topic", "r", "-D", "publish", "correlation-data", "c", "-D", "publish", "payload-format-indicator", "1").Template;

        Assert.Equal(("text/plain", "r", TimeSpan.FromSeconds(30), true), (message.ContentType, message.ResponseTopic, message.Expiry, message.PayloadIsUtf8));
        Assert.Equal([new UserProperty("k", "v1"), new UserProperty("k", "v2")], message.UserProperties);
        Assert.Equal("c"u8.ToArray(), message.CorrelationData.ToArray());
    }

    [Fact]
    public void Flags_of_sub_are_read()
    {
        SubSettings settings = Sub("-t", "a", "-t", "b/#", "-T", "b/c", "-q", "1", "-C", "5", "-W", "3", "-v", "-N", "-R", "-E", "--no-reconnect");

        Assert.Equal(["a", "b/#"], settings.Filters);
        Assert.Equal(["b/c"], settings.LeftOut);
        Assert.Equal((QualityOfService.AtLeastOnce, 5L, TimeSpan.FromSeconds(3)), (settings.Options.MaximumQos, settings.Count, settings.Wait));
        Assert.True(settings is { Print: { IsVerbose: true, IsWithoutEnd: true }, IsFreshOnly: true, EndsSubscribed: true, Reconnects: false });
    }

    [Fact]
    public void Options_of_a_subscription_of_5_0_are_read()
    {
        SubscribeOptions options = Sub("-t", "a", "--group", "g", "--retain-as-published", "--retain-handling", "2").Options;

        Assert.Equal(("g", true, RetainHandling.DoNotSend), (options.ShareGroup, options.RetainAsPublished, options.Retained));
    }

    private static IEnumerable<string> Names(Option option) => option.Aliases.Append(option.Name);

    private static ConnectionSettings Connection(params string[] args) => Connection([], args);

    private static ConnectionSettings Connection(Dictionary<string, string> variables, params string[] args)
    {
        Command command = new("test");
        ConnectionFlags flags = new();
        flags.AddTo(command);
        FlagReader reader = new(command.Parse(args));
        ConnectionSettings settings = flags.Read(reader, Environment(variables));
        Assert.Null(reader.Error);
        return settings;
    }

    private static PubSettings Pub(params string[] args)
    {
        PubCommand command = new();
        ParseResult parsed = CommandRun.Parse(command, args);
        Assert.Empty(parsed.Errors);
        FlagReader reader = new(parsed);
        PubSettings? settings = command.Read(reader, Connection(), command.ReadProperties(reader, MqttVersion.V5));
        Assert.Null(reader.Error);
        return Assert.IsType<PubSettings>(settings);
    }

    private static SubSettings Sub(params string[] args)
    {
        SubCommand command = new();
        ParseResult parsed = CommandRun.Parse(command, args);
        Assert.Empty(parsed.Errors);
        FlagReader reader = new(parsed);
        SubSettings settings = command.Read(reader, Connection());
        Assert.Null(reader.Error);
        return settings;
    }

    private static CommandEnvironment Environment(Dictionary<string, string> variables) => new()
    {
        Input = Stream.Null,
        Output = Stream.Null,
        Error = TextWriter.Null,
        Variable = name => variables.GetValueOrDefault(name),
        Interrupted = CancellationToken.None,
    };
}
