using Starling.Protocol;

namespace Starling.Client.Tests;

public sealed class MqttClientOptionsTests
{
    [Fact]
    public void An_address_sets_what_it_says()
    {
        MqttClientOptions options = MqttClientOptions.Parse(
            "mqtt://u%40x:p%3A@a,b:1884?clientId=c%201&version=3.1.1&cleanStart=true&sessionExpiry=2h&keepAlive=30&receiveMaximum=5&connectTimeout=500m&reconnectMax=20s");

        Assert.Equal([new Uri("mqtt://a"), new Uri("mqtt://b:1884")], options.Servers);
        Assert.Equal(("c 1", MqttVersion.V311, true, 5), (options.ClientId, options.Version, options.CleanStart, options.ReceiveMaximum));
        Assert.Equal((TimeSpan.FromHours(2), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20)), (options.SessionExpiry, options.KeepAlive, options.Reconnect.MaxDelay));
    }

    [Theory]
    [InlineData("mqtt://a?outbox=%2Fvar%2Fq&outboxMax=2MiB", "/var/q", 2 << 20), InlineData("mqtt://a?outboxMax=512KiB&outbox=/var/q", "/var/q", 512 << 10)]
    [InlineData("mqtt://a?outbox=memory&outboxMax=7", null, 7), InlineData("mqtt://a?outboxMax=1GiB", null, 1 << 30), InlineData("mqtt://a", null, 16 << 20)]
    public void An_address_says_where_messages_wait(string uri, string? path, long maxBytes)
    {
        OutboxOptions outbox = MqttClientOptions.Parse(uri).Outbox;

        Assert.Equal((path, maxBytes, OutboxFull.Wait), (outbox.Path, outbox.MaxBytes, outbox.WhenFull));
    }

    [Theory]
    [InlineData("mqtt://a?outboxMax=0", "16MiB"), InlineData("mqtt://a?outboxMax=9999999999GiB", "16MiB"), InlineData("mqtt://a?outbox=", "memory, or the directory")]
    [InlineData("mqtt://a?outboxmax=1", "did you mean 'outboxMax'")]
    [InlineData("localhost", "mqtt://"), InlineData("mqtt://a?clientID=x", "did you mean 'clientId'"), InlineData("mqtt://a?keepAlive=x", "30s")]
    [InlineData("mqtt://a?version=4", "3.1.1"), InlineData("mqtt://", "host"), InlineData("mqtt://a?receiveMaximum=0", "65535")]
    public void A_bad_address_says_what_is_wrong(string uri, string hint) =>
        Assert.Contains(hint, Assert.Throws<FormatException>(() => MqttClientOptions.Parse(uri)).Message, StringComparison.Ordinal);

    [Fact]
    public void Secrets_are_never_printed()
    {
        string text = MqttClientOptions.Parse("mqtt://user:secret@a?clientId=c").ToString();

        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains("clientId=c", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_bad_option_is_named()
    {
        (string Name, Action<MqttClientOptions> Break)[] cases =
        [
            ("Servers", options => options.Servers.Clear()),
            ("Servers", options => options.Servers.Add(new Uri("http://a"))),
            ("Servers", options => options.Servers.Add(new Uri("mqtt:///a"))),
            ("Version", options => options.Version = MqttVersion.None),
            ("KeepAlive", options => options.KeepAlive = TimeSpan.FromSeconds(65536)),
            ("SessionExpiry", options => options.SessionExpiry = TimeSpan.FromSeconds(-1)),
            ("WillDelay", options => options.WillDelay = TimeSpan.FromSeconds(-1)),
            ("ReceiveMaximum", options => options.ReceiveMaximum = 0),
            ("MaximumPacketSize", options => options.MaximumPacketSize = 1),
            ("ConnectTimeout", options => options.ConnectTimeout = TimeSpan.Zero),
            ("ShutdownTimeout", options => options.ShutdownTimeout = TimeSpan.FromSeconds(-1)),
            ("Reconnect.FirstDelay", options => options.Reconnect.FirstDelay = TimeSpan.Zero),
            ("Reconnect.MaxDelay", options => options.Reconnect.MaxDelay = TimeSpan.FromMilliseconds(1)),
            ("Reconnect.StableAfter", options => options.Reconnect.StableAfter = TimeSpan.FromSeconds(-1)),
            ("Will", options => options.Will = new MqttMessage { Topic = "w", Payload = new byte[65536] }),
        ];

        Assert.All(cases, broken =>
        {
            MqttClientOptions options = MqttClientOptions.Parse("mqtt://a");
            broken.Break(options);
            Assert.Equal(broken.Name, Assert.Throws<ArgumentException>(() => new MqttClient(options)).ParamName);
        });
    }

    [Fact]
    public void Options_are_copied()
    {
        MqttClientOptions options = MqttClientOptions.Parse("mqtt://a?clientId=c&keepAlive=7&receiveMaximum=9");

        MqttClientOptions copy = options.Copy();
        options.Servers.Clear();

        Assert.Equal(("c", TimeSpan.FromSeconds(7), 9, 1), (copy.ClientId, copy.KeepAlive, copy.ReceiveMaximum, copy.Servers.Count));
    }
}
