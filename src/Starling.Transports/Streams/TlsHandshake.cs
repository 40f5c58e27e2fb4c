using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Starling.Transports.Streams;

/// <summary>Opens TLS on a stream.</summary>
internal static class TlsHandshake
{
    // How OpenSSL names the alerts of a server, and what they mean to somebody who connects.
    private static readonly (string Mark, string Meaning)[] Alerts =
    [
        ("certificate required", "the server wants a client certificate; give one with CertFile and KeyFile"),
        ("certificate expired", "the server says that the client certificate has expired"),
        ("certificate revoked", "the server says that the client certificate is revoked"),
        ("unknown ca", "the server does not trust the issuer of the client certificate"),
        ("bad certificate", "the server does not accept the client certificate, or wants one and got none"),
        ("unsupported certificate", "the server does not accept that kind of client certificate"),
        ("certificate unknown", "the server does not accept the client certificate"),
        ("no application protocol", "the server knows none of the application protocols that are offered with Alpn"),
        ("protocol version", "the server speaks none of the TLS versions that are allowed"),
        ("unrecognized name", "the server does not know the name that it is asked for"),
        ("handshake failure", "the server refuses: no cipher suite in common, or it wants a client certificate"),
        ("insufficient security", "the server wants stronger cipher suites"),
        ("access denied", "the server refuses the client"),
    ];

    // What .NET and OpenSSL say when the first bytes are something else.
    private static readonly string[] NotTls = ["frame size", "corrupted frame", "wrong version number", "unexpected packet format", "packet length too long"];

    public static async Task<Stream> OpenAsync(Stream inner, TlsSettings settings, string host, ILogger logger, CancellationToken ct)
    {
        string name = settings.ServerName ?? host;
        using TlsMaterial material = LoadMaterial(settings);
        CertificateJudge judge = new(settings, name);
        SslStream tls = new(inner, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(OptionsFor(settings, name, material, judge), ct).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException or NotSupportedException)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw new TransportException(TransportStage.Tls, judge.Objection ?? Explain(fault), fault);
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        if (judge.Allowed is { } allowed)
        {
            logger.UntrustedAllowed(host, allowed);
        }

        return tls;
    }

    /// <summary>Says in one line what a fault of an open TLS stream, or of its handshake, means.</summary>
    public static string Explain(Exception fault)
    {
        string all = string.Empty;
        Exception last = fault;
        for (Exception? one = fault; one is not null; one = one.InnerException)
        {
            all += one.Message + " ";
            last = one;
        }

        if (Array.Exists(NotTls, mark => all.Contains(mark, StringComparison.OrdinalIgnoreCase)))
        {
            return "what answers there does not speak TLS; check the port (mqtts 8883, wss 443)";
        }

        if (Array.Find(Alerts, alert => all.Contains("alert " + alert.Mark, StringComparison.OrdinalIgnoreCase)) is { Meaning: { } meaning })
        {
            return meaning;
        }

        return all.Contains("EOF", StringComparison.Ordinal) || all.Contains("reset by peer", StringComparison.OrdinalIgnoreCase)
            ? "the server closed the connection in the handshake; it may not speak TLS there, or refuse the client"
            : $"the handshake failed: {last.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ')}";
    }

    private static TlsMaterial LoadMaterial(TlsSettings settings)
    {
        try
        {
            return TlsMaterial.Load(settings);
        }
        catch (ArgumentException fault)
        {
            // Files may have changed since they were checked.
            throw new TransportException(TransportStage.Tls, TlsMaterial.MessageOf(fault), fault);
        }
    }

    private static SslClientAuthenticationOptions OptionsFor(TlsSettings settings, string name, TlsMaterial material, CertificateJudge judge)
    {
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = name,
            EnabledSslProtocols = settings.Versions,
            ClientCertificateContext = material.Client,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ApplicationProtocols = TlsMaterial.ParseAlpn(settings.Alpn),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => judge.Judge(certificate as X509Certificate2, chain, errors),
        };
        if (material.Roots is { } roots)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(roots);
            policy.ExtraStore.AddRange(roots);
            options.CertificateChainPolicy = policy;
        }

        if (settings.CipherSuites.Count > 0 && OperatingSystem.IsLinux())
        {
            options.CipherSuitesPolicy = new CipherSuitesPolicy(TlsMaterial.ParseCipherSuites(settings.CipherSuites));
        }

        return options;
    }
}
