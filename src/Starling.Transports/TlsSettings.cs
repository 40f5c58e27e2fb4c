using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Starling.Transports.Streams;

namespace Starling.Transports;

/// <summary>TLS for a connection that this side opens. Files are read at each connect, so that new ones count from then on.</summary>
public sealed class TlsSettings
{
    /// <summary>The name that the server is asked for (SNI) and that its certificate must have; null: the host that is connected to.</summary>
    public string? ServerName { get; init; }

    /// <summary>A PEM file with certificates that are trusted as roots, instead of those of the system; null for none.</summary>
    public string? CaFile { get; init; }

    /// <summary>A directory whose files (*.pem, *.crt, *.cer) are trusted as <see cref="CaFile"/> is; null for none.</summary>
    public string? CaDirectory { get; init; }

    /// <summary>Whether the roots of the system are trusted beside <see cref="CaFile"/> and <see cref="CaDirectory"/>. They are when there is neither.</summary>
    public bool UseSystemRoots { get; init; }

    /// <summary>A PEM file with the client certificate, and behind it those that lead to its root; null for none.</summary>
    public string? CertFile { get; init; }

    /// <summary>The PEM file with the key of <see cref="CertFile"/>; null: it is in the same file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Opens an encrypted key; null: it is not encrypted.</summary>
    public string? KeyPassword { get; init; }

    /// <summary>The client certificate with its key, instead of files; stays its owner's.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>
    /// SHA-256 of the server's certificate or of its public key (SubjectPublicKeyInfo), each 64 hexadecimal digits, with colons or not, or
    /// Base64; "sha256//" or "sha256:" may stand before it. One that matches is enough: issuer, name and dates are then looked at only when
    /// <see cref="CaFile"/> or <see cref="CaDirectory"/> is given. Without a match the handshake fails.
    /// </summary>
    public IReadOnlyList<string> Pinned { get; init; } = [];

    /// <summary>Takes any certificate. Each connection logs a warning.</summary>
    public bool AllowUntrusted { get; init; }

    /// <summary>Takes a certificate for another name; everything else is looked at. Each connection logs a warning.</summary>
    public bool AllowWrongName { get; init; }

    /// <summary>The application protocols that are offered (ALPN), best first; empty for none.</summary>
    public IReadOnlyList<string> Alpn { get; init; } = [];

    /// <summary>The versions that may be used; None: the system's choice.</summary>
    public SslProtocols Versions { get; init; }

    /// <summary>The cipher suites that may be used, by their IANA names such as TLS_AES_128_GCM_SHA256; empty: the system's choice. Linux only.</summary>
    public IReadOnlyList<string> CipherSuites { get; init; } = [];

    /// <summary>Reads the files and checks everything, so that what is wrong is known before a connection is asked for.</summary>
    /// <exception cref="ArgumentException">Something is wrong; it names the property.</exception>
    public void Validate()
    {
        using TlsMaterial material = TlsMaterial.Load(this);
        _ = TlsMaterial.ParsePins(Pinned);
        _ = TlsMaterial.ParseCipherSuites(CipherSuites);
        _ = TlsMaterial.ParseAlpn(Alpn);
    }
}
