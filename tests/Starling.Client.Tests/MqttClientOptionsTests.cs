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
    [InlineData("mqtt://a?keepAlive=500ms", "not '500ms'"), InlineData("mqtt://a?keepAlive=1hd", "30s"), InlineData("mqtt://a?keepAlive=s", "30s")]
    [InlineData("mqtt://a?kepAliv=1", "did you mean 'keepAlive'"), InlineData("mqtt://a?zzz=1", "There is no key 'zzz'. Keys are"), InlineData("mqtts://a?cafil=1", "did you mean 'caFile'")]
    [InlineData("http://a", "wss://"), InlineData("mqtt://a/b", "has no path"), InlineData("unix://a/b", "whole path"), InlineData("unix://", "whole path")]
    [InlineData("mqtt://u:p/w@a", "%2F"), InlineData("mqtt://u:p?w@a", "%3F"), InlineData("mqtt://a:x", "host:port")]
    [InlineData("mqtt://a?version=4", "3.1.1"), InlineData("mqtt://", "host"), InlineData("mqtt://a?receiveMaximum=0", "65535")]
    public void A_bad_address_says_what_is_wrong(string uri, string hint) =>
        Assert.Contains(hint, Assert.Throws<FormatException>(() => MqttClientOptions.Parse(uri)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_scheme_has_its_port_and_WebSocket_its_path()
    {
        string[] addresses = ["mqtt://a", "mqtts://a", "ws://a", "wss://a/x?clientId=c", "ws://a:81,b/x", "unix:///run/a%20b.sock", "mqtts://[::1]:9"];

        Assert.Equal(
            ["mqtt://a:1883", "mqtts://a:8883", "ws://a:80", "wss://a:443", "ws://a:81,ws://b:80", "unix:///run/a b.sock", "mqtts://[::1]:9"],
            addresses.Select(address => MqttClientOptions.Parse(address).ToString().Split(" clientId")[0]));
        Assert.Equal(["/x", "/x"], MqttClientOptions.Parse("wss://a,b:1/x?clientId=c").Servers.Select(server => server.PathAndQuery));
    }

    [Fact]
    public void The_keys_of_TLS_are_read()
    {
        MqttTlsOptions tls = MqttClientOptions.Parse(
            "mqtts://a?caFile=%2Fca.pem&certFile=/c.pem&keyFile=/k.pem&pinned=aa,bb&serverName=n&alpn=mqtt,x").Tls;

        Assert.Equal(("/ca.pem", "/c.pem", "/k.pem", "n"), (tls.CaFile, tls.CertFile, tls.KeyFile, tls.ServerName));
        Assert.Equal(["aa", "bb", "mqtt", "x"], tls.Pinned.Concat(tls.Alpn));
    }

    [Fact]
    public void TLS_is_copied_with_the_rest_and_prints_no_password()
    {
        MqttClientOptions options = MqttClientOptions.Parse("mqtts://a?pinned=aa&alpn=mqtt&caFile=/ca.pem");
        options.Tls.KeyPassword = "secret";
        options.Tls.AllowWrongName = true;
        options.Tls.CipherSuites.Add("TLS_AES_128_GCM_SHA256");
        options.WebSocketRequest = _ => ValueTask.CompletedTask;

        MqttClientOptions copy = options.Copy();
        options.Tls.Pinned.Clear();
        options.Tls.CaFile = null;

        Assert.Equal(("/ca.pem", "secret", true, options.WebSocketRequest), (copy.Tls.CaFile, copy.Tls.KeyPassword, copy.Tls.AllowWrongName, copy.WebSocketRequest));
        Assert.Equal(["aa", "mqtt", "TLS_AES_128_GCM_SHA256"], copy.Tls.Pinned.Concat(copy.Tls.Alpn).Concat(copy.Tls.CipherSuites));
        Assert.Equal("ca=/ca.pem cert=(none) pinned=1 wrong name allowed", copy.Tls.ToString());
    }

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
            ("Servers", options => options.Servers.Add(new Uri("mqtt://u:p@a"))),
            ("Servers", options => options.Servers.Add(new Uri("mqtt://a/path"))),
            ("Servers", options => options.Servers.Add(new Uri("unix://a/path"))),
            ("Servers", options => options.Servers.Add(new Uri("a", UriKind.Relative))),
            ("Tls.CaFile", options => Secure(options).CaFile = "/no/such/file"),
            ("Tls.CertFile", options => Secure(options).CertFile = "/no/such/file"),
            ("Tls.Pinned", options => Secure(options).Pinned.Add("x")),
            ("Version", options => options.Version = MqttVersion.None),
            ("KeepAlive", options => options.KeepAlive = TimeSpan.FromSeconds(65536)),
            ("SessionExpiry", options => options.SessionExpiry = TimeSpan.FromSeconds(-1)),
            ("WillDelay", options => options.WillDelay = TimeSpan.FromSeconds(-1)),
            ("ReceiveMaximum", options => options.ReceiveMaximum = 0),
            ("MaximumPacketSize", options => options.MaximumPacketSize = 1),
            ("ConnectTimeout", options => options.ConnectTimeout = TimeSpan.Zero),
            ("ShutdownTimeout", options => options.ShutdownTimeout = TimeSpan.FromSeconds(-1)),
            ("ConnectTimeout", options => options.ConnectTimeout = TimeSpan.MaxValue),
            ("ShutdownTimeout", options => options.ShutdownTimeout = TimeSpan.FromHours(24.1)),
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

    private static MqttTlsOptions Secure(MqttClientOptions options)
    {
        options.Servers.Add(new Uri("wss://a"));
        return options.Tls;
    }
}
