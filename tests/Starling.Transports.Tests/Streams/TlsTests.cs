using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Starling.Transports.Tests.Streams;

public sealed class TlsTests
{
    [Fact]
    public async Task A_certificate_of_another_authority_is_refused_and_its_issuer_is_named()
    {
        using TestAuthority other = new("Other authority");

        await AssertRefusedAsync(new TlsSettings { CaFile = other.RootFile }, "issued by 'CN=Test authority', which is not trusted");
    }

    [Fact]
    public async Task A_certificate_of_an_authority_with_the_same_name_and_another_key_is_refused()
    {
        using TestAuthority other = new();

        await AssertRefusedAsync(new TlsSettings { CaFile = other.RootFile }, "was not signed by the 'CN=Test authority' that is trusted");
    }

    [Fact]
    public async Task Without_roots_of_its_own_a_client_trusts_those_of_the_system_only() =>
        await AssertRefusedAsync(new TlsSettings(), "which is not trusted");

    [Fact]
    public async Task An_expired_certificate_is_refused_and_its_days_are_named() => await AssertRefusedAsync(
        null,
        "its certificate is valid from 2020-01-01 00:00Z to 2020-02-01 00:00Z only",
        server => server.Certificate = server.Authority.Issue(end: new DateTimeOffset(2020, 2, 1, 0, 0, 0, TimeSpan.Zero)));

    [Fact]
    public async Task A_certificate_for_another_name_is_refused_and_both_names_are_named() => await AssertRefusedAsync(
        null, "its certificate is for other.example, not for localhost", server => server.Certificate = server.Authority.Issue("other.example"));

    [Fact]
    public async Task A_version_that_the_server_does_not_speak_is_refused() => await AssertRefusedAsync(
        harness => new TlsSettings { CaFile = harness.Authority.RootFile, Versions = SslProtocols.Tls13 },
        "none of the TLS versions",
        server => server.Tls.EnabledSslProtocols = SslProtocols.Tls12);

    [Fact]
    public async Task An_application_protocol_that_the_server_does_not_know_is_refused() => await AssertRefusedAsync(
        harness => new TlsSettings { CaFile = harness.Authority.RootFile, Alpn = ["nonsense"] },
        "none of the application protocols",
        server => server.Tls.ApplicationProtocols = [new SslApplicationProtocol("mqtt")]);

    [Fact]
    public async Task A_certificate_that_is_not_the_pinned_one_is_refused_and_its_hashes_are_named() => await AssertRefusedAsync(
        harness => new TlsSettings { CaFile = harness.Authority.RootFile, Pinned = [new string('0', 64)] },
        server => "not a pinned one: its SHA-256 is " + Convert.ToHexStringLower(SHA256.HashData(server.Certificate.RawData)));

    [Fact]
    public async Task A_certificate_that_is_not_the_pinned_one_is_refused_also_where_untrusted_ones_are_allowed() =>
        await AssertRefusedAsync(new TlsSettings { AllowUntrusted = true, Pinned = [new string('0', 64)] }, "not a pinned one");

    [Fact]
    public async Task What_does_not_speak_TLS_is_recognised()
    {
        await using StreamHarness harness = new(StreamKind.Tls);
        Task<TransportException> failing = harness.FailAsync(harness.Server.Target());
        Stream peer = await harness.Server.AcceptPlainAsync();
        await peer.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Contains("does not speak TLS", (await failing).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_hangs_up_in_the_handshake_is_told_of_as_such()
    {
        await using StreamHarness harness = new(StreamKind.Tls);
        Task<TransportException> failing = harness.FailAsync(harness.Server.Target());
        Stream peer = await harness.Server.AcceptPlainAsync();
        await peer.ReadExactlyAsync(new byte[5], TestContext.Current.CancellationToken);
        await peer.DisposeAsync();

        TransportException fault = await failing;
        Assert.Equal(TransportStage.Tls, fault.Stage);
        Assert.Contains("closed the connection in the handshake", fault.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_pinned_certificate_or_key_is_trusted_whoever_issued_it(bool isKey)
    {
        await using StreamHarness harness = new(StreamKind.Tls);
        X509Certificate2 certificate = harness.Server.Certificate = harness.Server.Authority.Issue("other.example");
        string pin = isKey
            ? "sha256//" + Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()))
            : string.Join(':', SHA256.HashData(certificate.RawData).Select(one => $"{one:X2}"));

        await AssertEchoAsync(harness, new TlsSettings { Pinned = [new string('0', 64), pin] });
    }

    [Fact]
    public async Task A_pinned_certificate_must_be_of_the_authority_too_when_one_is_given()
    {
        using TestAuthority other = new("Other authority");
        await AssertRefusedAsync(
            server => new TlsSettings { CaFile = other.RootFile, Pinned = [Convert.ToHexString(SHA256.HashData(server.Certificate.RawData))] },
            "which is not trusted");
    }

    [Fact]
    public async Task A_certificate_that_is_allowed_untrusted_is_taken_with_a_warning()
    {
        await using StreamHarness harness = new(StreamKind.Tls);

        await AssertEchoAsync(harness, new TlsSettings { AllowUntrusted = true });

        Assert.Contains("not to be trusted", Assert.Single(harness.Log.Entries).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_name_can_be_allowed_and_a_wrong_authority_is_refused_all_the_same()
    {
        await using StreamHarness harness = new(StreamKind.Tls);
        harness.Server.Certificate = harness.Server.Authority.Issue("other.example");
        await AssertEchoAsync(harness, new TlsSettings { CaFile = harness.Server.Authority.RootFile, AllowWrongName = true });
        Assert.Contains("other.example", Assert.Single(harness.Log.Entries).Text, StringComparison.Ordinal);

        using TestAuthority other = new("Other authority");
        await AssertRefusedAsync(new TlsSettings { CaFile = other.RootFile, AllowWrongName = true }, "which is not trusted");
    }

    [Fact]
    public async Task Another_name_can_be_asked_for()
    {
        await using StreamHarness harness = new(StreamKind.Tls);
        X509Certificate2 certificate = harness.Server.Authority.Issue("other.example");
        string? asked = null;
        harness.Server.Tls.ServerCertificateSelectionCallback = (_, name) =>
        {
            asked = name;
            return certificate;
        };

        await AssertEchoAsync(harness, new TlsSettings { CaFile = harness.Server.Authority.RootFile, ServerName = "other.example" });

        Assert.Equal("other.example", asked);
    }

    [Fact]
    public async Task Protocols_versions_and_cipher_suites_are_those_that_were_chosen()
    {
        await using StreamHarness harness = new(StreamKind.Tls);
        harness.Server.Tls.ApplicationProtocols = [new SslApplicationProtocol("mqtt")];
        TlsSettings settings = new()
        {
            CaFile = harness.Server.Authority.RootFile,
            Alpn = ["other", "mqtt"],
            Versions = SslProtocols.Tls12,
            CipherSuites = ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
        };

        (Stream peer, _) = await harness.ConnectAsync(harness.Server.Target(settings));

        SslStream tls = Assert.IsType<SslStream>(peer);
        Assert.Equal(
            ("mqtt", SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
            (tls.NegotiatedApplicationProtocol.ToString(), tls.SslProtocol, tls.NegotiatedCipherSuite));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_certificate_is_shown(bool isObject)
    {
        await using StreamHarness harness = new(StreamKind.Tls);
        harness.Server.WantsClientCertificate = true;
        TestAuthority authority = harness.Server.Authority;
        (string certFile, string keyFile) = authority.IssueFiles("gate-7");
        TlsSettings settings = isObject
            ? new TlsSettings { CaFile = authority.RootFile, ClientCertificate = authority.Issue("gate-7") }
            : new TlsSettings { CaDirectory = authority.Folder, CertFile = certFile, KeyFile = keyFile };

        (Stream peer, _) = await harness.ConnectAsync(harness.Server.Target(settings));

        Assert.Equal("CN=gate-7", Assert.IsType<SslStream>(peer).RemoteCertificate?.Subject);
    }

    private static Task AssertRefusedAsync(TlsSettings settings, string message) => AssertRefusedAsync(_ => settings, message);

    private static Task AssertRefusedAsync(Func<StreamServer, TlsSettings>? settings, string message, Action<StreamServer>? prepare = null) =>
        AssertRefusedAsync(settings, _ => message, prepare);

    private static async Task AssertRefusedAsync(
        Func<StreamServer, TlsSettings>? settings, Func<StreamServer, string> message, Action<StreamServer>? prepare = null)
    {
        await using StreamHarness harness = new(StreamKind.Tls);
        prepare?.Invoke(harness.Server);
        Task<Exception?> accepting = Record.ExceptionAsync(async () => await harness.Server.AcceptAsync()).AsTask();

        TransportException fault = await harness.FailAsync(harness.Server.Target(settings?.Invoke(harness.Server)));

        await accepting;
        Assert.Equal(TransportStage.Tls, fault.Stage);
        Assert.Contains(message(harness.Server), fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.Empty(harness.Client.Attached);
    }

    private static async Task AssertEchoAsync(StreamHarness harness, TlsSettings settings)
    {
        (Stream peer, _) = await harness.ConnectAsync(harness.Server.Target(settings));
        await peer.WriteAsync(new byte[] { 7 }, TestContext.Current.CancellationToken);
        byte[] echo = new byte[1];
        await peer.ReadExactlyAsync(echo, TestContext.Current.CancellationToken);
        Assert.Equal([7], echo);
    }
}
