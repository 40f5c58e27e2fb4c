using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Starling.Transports;

namespace Starling.Client;

/// <summary>
/// How mqtts and wss connections are secured. With nothing set: certificates by the roots of the system, for the name of the server, in the
/// versions of TLS that the system allows. Files are checked when a client is made, and read again at each connect.
/// </summary>
public sealed class MqttTlsOptions
{
    /// <summary>A PEM file with certificates that are trusted as roots, instead of those of the system; null for none.</summary>
    public string? CaFile { get; set; }

    /// <summary>A directory whose files (*.pem, *.crt, *.cer) are trusted as <see cref="CaFile"/> is; null for none.</summary>
    public string? CaDirectory { get; set; }

    /// <summary>Whether the roots of the system are trusted beside <see cref="CaFile"/> and <see cref="CaDirectory"/>. They are when there is neither.</summary>
    public bool UseSystemRoots { get; set; }

    /// <summary>A PEM file with the client certificate, and behind it those that lead to its root; null for none.</summary>
    public string? CertFile { get; set; }

    /// <summary>The PEM file with the key of <see cref="CertFile"/>; null: it is in the same file.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Opens an encrypted key; null: it is not encrypted.</summary>
    public string? KeyPassword { get; set; }

    /// <summary>The client certificate with its key, instead of files; stays its owner's, who disposes it after the client.</summary>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>
    /// SHA-256 of the server's certificate or of its public key (SubjectPublicKeyInfo), each 64 hexadecimal digits, with colons or not, or
    /// Base64; "sha256//" or "sha256:" may stand before it. One that matches is enough: issuer, name and dates are then looked at only when
    /// <see cref="CaFile"/> or <see cref="CaDirectory"/> is given. Without a match the handshake fails.
    /// </summary>
    public IList<string> Pinned { get; } = [];

    /// <summary>Takes any certificate: whoever is between can read and change everything. Each connection logs a warning.</summary>
    public bool AllowUntrusted { get; set; }

    /// <summary>Takes a certificate for another name; everything else is looked at. Each connection logs a warning.</summary>
    public bool AllowWrongName { get; set; }

    /// <summary>The name that the server is asked for (SNI) and that its certificate must have; null: the host of its address.</summary>
    public string? ServerName { get; set; }

    /// <summary>The application protocols that are offered (ALPN), best first, such as mqtt; empty for none.</summary>
    public IList<string> Alpn { get; } = [];

    /// <summary>The versions that may be used; None (the default): the system's choice.</summary>
    public SslProtocols Versions { get; set; }

    /// <summary>The cipher suites that may be used, by their IANA names such as TLS_AES_128_GCM_SHA256; empty: the system's choice. Linux only.</summary>
    public IList<string> CipherSuites { get; } = [];

    /// <summary>What is set; never a secret.</summary>
    public override string ToString() =>
        $"ca={CaFile ?? CaDirectory ?? "(system)"} cert={CertFile ?? ClientCertificate?.Subject ?? "(none)"} pinned={Pinned.Count}"
        + $"{(AllowUntrusted ? " untrusted allowed" : AllowWrongName ? " wrong name allowed" : "")}";

    internal void CopyTo(MqttTlsOptions copy)
    {
        copy.CaFile = CaFile;
        copy.CaDirectory = CaDirectory;
        copy.UseSystemRoots = UseSystemRoots;
        copy.CertFile = CertFile;
        copy.KeyFile = KeyFile;
        copy.KeyPassword = KeyPassword;
        copy.ClientCertificate = ClientCertificate;
        copy.AllowUntrusted = AllowUntrusted;
        copy.AllowWrongName = AllowWrongName;
        copy.ServerName = ServerName;
        copy.Versions = Versions;
        CopyAll(Pinned, copy.Pinned);
        CopyAll(Alpn, copy.Alpn);
        CopyAll(CipherSuites, copy.CipherSuites);
    }

    internal TlsSettings ToSettings() => new()
    {
        ServerName = ServerName,
        CaFile = CaFile,
        CaDirectory = CaDirectory,
        UseSystemRoots = UseSystemRoots,
        CertFile = CertFile,
        KeyFile = KeyFile,
        KeyPassword = KeyPassword,
        ClientCertificate = ClientCertificate,
        Pinned = [.. Pinned],
        AllowUntrusted = AllowUntrusted,
        AllowWrongName = AllowWrongName,
        Alpn = [.. Alpn],
        Versions = Versions,
        CipherSuites = [.. CipherSuites],
    };

    private static void CopyAll(IList<string> from, IList<string> to)
    {
        foreach (string one in from)
        {
            to.Add(one);
        }
    }
}
