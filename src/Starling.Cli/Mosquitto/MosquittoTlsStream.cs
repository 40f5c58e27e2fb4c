using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Starling.Cli.Mosquitto;

/// <summary>TLS as the flags of mosquitto ask for it.</summary>
internal static class MosquittoTlsStream
{
    // Each is the lowest that is spoken, as in mosquitto.
    private static readonly (string Word, SslProtocols Value)[] Versions =
    [
        ("tlsv1.3", SslProtocols.Tls13), ("tlsv1.2", SslProtocols.Tls12 | SslProtocols.Tls13),
#pragma warning disable SYSLIB0039, CA5397 // Asked for by name, as in mosquitto; the system may still refuse it.
        ("tlsv1.1", SslProtocols.Tls11 | SslProtocols.Tls12 | SslProtocols.Tls13),
#pragma warning restore SYSLIB0039, CA5397
    ];

    // The list of --ciphers is about the versions before 1.3 only.
    private static readonly TlsCipherSuite[] CiphersOf13 =
        [TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256];

    /// <summary>What is wrong with the flags, in the words of mosquitto where it says the same; null when nothing is.</summary>
    public static string? Check(MosquittoTls tls)
    {
        if (tls.PreSharedKey is not null)
        {
            return "Error: Problem setting TLS-PSK options: the TLS of .NET has no pre-shared keys.\n";
        }

        if (tls.HasAuthority && !CanBeRead(tls))
        {
            return "Error: Problem setting TLS options: File not found.\n";
        }

        if (tls.Engine is not null)
        {
            return $"Error: Problem setting TLS engine, is {tls.Engine} a valid engine?\n";
        }

        if (tls.KeyForm is not (null or "pem"))
        {
            return tls.KeyForm == "engine"
                ? "Error: Problem setting key form: the TLS of .NET has no engines, use pem.\n"
                : "Error: Problem setting key form, it must be one of 'pem' or 'engine'.\n";
        }

        return tls.Version is not null && !Versions.Any(known => known.Word == tls.Version)
            ? "Error: Problem setting TLS options, check the options are valid.\n"
            : null;
    }

    /// <summary>Shakes hands on a stream.</summary>
    /// <exception cref="MosquittoConnectException">The handshake failed.</exception>
    public static async Task<Stream> OpenAsync(Stream stream, MosquittoSettings settings, CancellationToken ct)
    {
        SslStream secure = new(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(CreateOptions(settings), ct).ConfigureAwait(false);
            return secure;
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException or CryptographicException or UnauthorizedAccessException)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw new MosquittoConnectException(MosquittoError.Tls, $"Error: {MosquittoWords.Of(MosquittoError.Tls)}\n", isBegun: true);
        }
    }

    private static SslClientAuthenticationOptions CreateOptions(MosquittoSettings settings)
    {
        MosquittoTls tls = settings.Tls;
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = settings.Host,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            EnabledSslProtocols = Versions.FirstOrDefault(known => known.Word == tls.Version).Value,
            RemoteCertificateValidationCallback = tls.IsInsecure ? IgnoreName : null,
        };
        if (tls.HasAuthority)
        {
            options.CertificateChainPolicy = CreatePolicy(tls);
        }

        if (tls.CertFile is not null)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(
                X509Certificate2.CreateFromPemFile(tls.CertFile, tls.KeyFile), LoadChain(tls.CertFile), offline: true);
        }

        if (tls.Alpn is not null)
        {
            options.ApplicationProtocols = [new SslApplicationProtocol(tls.Alpn)];
        }

        if (tls.Ciphers is not null && !OperatingSystem.IsWindows() && !OperatingSystem.IsMacOS() && !OperatingSystem.IsAndroid())
        {
            options.CipherSuitesPolicy = CreateCipherPolicy(tls.Ciphers);
        }

        return options;
    }

    // --insecure of mosquitto leaves out the name only; the chain must be good all the same.
    private static bool IgnoreName(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;

    private static X509ChainPolicy CreatePolicy(MosquittoTls tls)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        if (tls.UsesSystemAuthorities)
        {
            using X509Store store = new(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
            policy.CustomTrustStore.AddRange(store.Certificates);
        }

        foreach (string file in tls.CaFile is { } one ? [one] : Directory.GetFiles(tls.CaPath ?? ""))
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }

        return policy;
    }

    // The first certificate of the file is the client's own; those behind it lead to its authority.
    private static X509Certificate2Collection LoadChain(string file)
    {
        X509Certificate2Collection all = [];
        all.ImportFromPemFile(file);
        return all;
    }

    [UnsupportedOSPlatform("windows")]
    [UnsupportedOSPlatform("macos")]
    [UnsupportedOSPlatform("android")]
    private static CipherSuitesPolicy CreateCipherPolicy(string list)
    {
        List<TlsCipherSuite> suites = [.. CiphersOf13];
        foreach (string name in list.Split(':', ',', ' '))
        {
            if (CipherNames.Find(name) is not { } suite)
            {
                throw new AuthenticationException($"The cipher {name} is not known.");
            }

            suites.Add(suite);
        }

        return new CipherSuitesPolicy(suites);
    }

    private static bool CanBeRead(MosquittoTls tls)
    {
        bool hasAuthority = tls.CaFile is not null ? File.Exists(tls.CaFile) : Directory.Exists(tls.CaPath);
        return hasAuthority && (tls.CertFile is null || File.Exists(tls.CertFile)) && (tls.KeyFile is null || File.Exists(tls.KeyFile));
    }
}
