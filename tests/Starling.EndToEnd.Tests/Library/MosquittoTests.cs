using System.Security.Authentication;
using Starling.Client;
using Starling.EndToEnd.Tests.Processes;
using Starling.Protocol;

namespace Starling.EndToEnd.Tests.Library;

/// <summary>The client library over TLS, against a broker whose TLS is OpenSSL itself.</summary>
public sealed class MosquittoTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly int _port = Mosquitto.FreePort();

    public void Dispose() => _authority.Dispose();

    [Theory, InlineData(MqttVersion.V5), InlineData(MqttVersion.V311)]
    public async Task Messages_pass_over_TLS(MqttVersion version)
    {
        using CancellationTokenSource patience = Patience.Start();
        await using Mosquitto broker = await StartAsync(wantsCertificate: false);
        MqttClientOptions options = Options();
        options.Version = version;

        await RoundTrip.AssertAsync(options, patience.Token);
    }

    [Theory, InlineData(SslProtocols.Tls12), InlineData(SslProtocols.Tls13)]
    public async Task A_client_certificate_opens_a_listener_that_wants_one(SslProtocols version)
    {
        using CancellationTokenSource patience = Patience.Start();
        await using Mosquitto broker = await StartAsync(wantsCertificate: true);
        MqttClientOptions options = Options();
        options.Tls.Versions = version;
        (options.Tls.CertFile, options.Tls.KeyFile) = _authority.IssueFiles("gate-7");

        await RoundTrip.AssertAsync(options, patience.Token);
    }

    [Theory, InlineData(SslProtocols.Tls12), InlineData(SslProtocols.Tls13)]
    public async Task Without_a_client_certificate_the_fault_asks_for_one(SslProtocols version)
    {
        await using Mosquitto broker = await StartAsync(wantsCertificate: true);
        MqttClientOptions options = Options();
        options.Tls.Versions = version;

        MqttConnectException fault = await RoundTrip.FailAsync(options);

        Assert.Equal(ConnectStage.Tls, fault.Stage);
        Assert.Contains("client certificate", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_of_another_authority_is_told_as_such()
    {
        using TestAuthority other = new("Other authority");
        await using Mosquitto broker = await StartAsync(wantsCertificate: true);
        MqttClientOptions options = Options();
        (options.Tls.CertFile, options.Tls.KeyFile) = other.IssueFiles("gate-7");

        MqttConnectException fault = await RoundTrip.FailAsync(options);

        Assert.Equal(ConnectStage.Tls, fault.Stage);
        Assert.Contains("does not trust the issuer of the client certificate", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_of_another_authority_is_refused()
    {
        using TestAuthority other = new("Other authority");
        await using Mosquitto broker = await StartAsync(wantsCertificate: false);
        MqttClientOptions options = Options();
        options.Tls.CaFile = other.RootFile;

        MqttConnectException fault = await RoundTrip.FailAsync(options);

        Assert.Equal(ConnectStage.Tls, fault.Stage);
        Assert.Contains("issued by 'CN=Test authority', which is not trusted", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_protocol_that_is_offered_does_not_disturb_a_broker_without_ALPN()
    {
        using CancellationTokenSource patience = Patience.Start();
        await using Mosquitto broker = await StartAsync(wantsCertificate: false);
        MqttClientOptions options = Options();
        options.Tls.Alpn.Add("mqtt");

        await RoundTrip.AssertAsync(options, patience.Token);
    }

    [Fact]
    public async Task TLS_to_a_plain_listener_fails_in_its_stage()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(_authority, _port);

        MqttConnectException fault = await RoundTrip.FailAsync(Options());

        Assert.Equal(ConnectStage.Tls, fault.Stage);
        Assert.Contains("may not speak TLS", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_connection_to_a_TLS_listener_fails_at_CONNACK()
    {
        await using Mosquitto broker = await StartAsync(wantsCertificate: false);

        MqttConnectException fault = await RoundTrip.FailAsync(MqttClientOptions.Parse($"mqtt://localhost:{_port}"));

        Assert.Equal(ConnectStage.Connack, fault.Stage);
    }

    [Fact]
    public async Task A_broker_that_restarts_is_found_again_over_TLS_and_gets_what_waited()
    {
        using CancellationTokenSource patience = Patience.Start();
        Mosquitto broker = await StartAsync(wantsCertificate: false);
        MqttClientOptions options = Options();
        options.Reconnect.MaxDelay = TimeSpan.FromMilliseconds(200);
        await using MqttClient client = new(options);
        await client.ConnectAsync(patience.Token);

        await broker.DisposeAsync();
        Task<PublishResult> publish = client.PublishAsync(new MqttMessage { Topic = "a", Qos = QualityOfService.ExactlyOnce }, patience.Token).AsTask();
        await using Mosquitto again = await StartAsync(wantsCertificate: false);

        Assert.Equal(PublishStatus.Acknowledged, (await publish).Status);
        await RoundTrip.AssertAsync(client, patience.Token);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Messages_pass_over_WebSocket(bool isSecure)
    {
        using CancellationTokenSource patience = Patience.Start();
        string[] tls = isSecure ? Mosquitto.Tls(_authority, wantsCertificate: false) : [];

        // With no listener but this one mosquitto 2.0.11 does not start.
        string[] plain = [$"listener {Mosquitto.FreePort()} 127.0.0.1"];
        await using Mosquitto broker = await Mosquitto.StartAsync(_authority, _port, ["protocol websockets", .. tls, .. plain]);

        // This broker looks at its WebSockets ten times a second only, and takes a few kilobytes each time.
        await RoundTrip.AssertAsync(Options(isSecure ? "wss" : "ws"), patience.Token, longest: 1_000);
    }

    private Task<Mosquitto> StartAsync(bool wantsCertificate) => Mosquitto.StartAsync(_authority, _port, Mosquitto.Tls(_authority, wantsCertificate));

    private MqttClientOptions Options(string scheme = "mqtts")
    {
        MqttClientOptions options = MqttClientOptions.Parse($"{scheme}://localhost:{_port}?clientId=library");
        options.Tls.CaFile = _authority.RootFile;
        return options;
    }
}
