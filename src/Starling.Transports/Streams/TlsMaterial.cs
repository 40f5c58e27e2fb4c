using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Starling.Transports.Streams;

/// <summary>What a TLS connection needs out of files and texts. Every fault is an <see cref="ArgumentException"/> that names the setting.</summary>
internal sealed class TlsMaterial : IDisposable
{
    private const int HashBytes = 32;

    // What a directory of certificates holds beside other things.
    private static readonly string[] CertificateEndings = [".pem", ".crt", ".cer"];

    private readonly X509Certificate2Collection _own = [];

    private TlsMaterial(X509Certificate2Collection? roots, SslStreamCertificateContext? client)
    {
        Roots = roots;
        Client = client;
    }

    /// <summary>Null: the system's.</summary>
    public X509Certificate2Collection? Roots { get; }

    /// <summary>Null: no client certificate.</summary>
    public SslStreamCertificateContext? Client { get; }

    public static TlsMaterial Load(TlsSettings settings)
    {
        X509Certificate2Collection? roots = LoadRoots(settings);
        if (settings.ClientCertificate is { } given)
        {
            return given.HasPrivateKey
                ? new TlsMaterial(roots, SslStreamCertificateContext.Create(given, additionalCertificates: null, offline: true))
                : throw Bad(nameof(settings.ClientCertificate), "has no private key");
        }

        if (settings.CertFile is not { } file)
        {
            return settings.KeyFile is null ? new TlsMaterial(roots, null) : throw Bad(nameof(settings.CertFile), "is missing; KeyFile needs it");
        }

        X509Certificate2Collection chain = LoadPem(file, nameof(settings.CertFile));
        X509Certificate2 leaf = LoadClient(file, settings.KeyFile ?? file, settings.KeyPassword);
        TlsMaterial material = new(roots, SslStreamCertificateContext.Create(leaf, chain, offline: true));
        material._own.Add(leaf);
        material._own.AddRange(chain);
        return material;
    }

    public static byte[][] ParsePins(IReadOnlyList<string> pins)
    {
        byte[][] hashes = new byte[pins.Count][];
        for (int i = 0; i < hashes.Length; i++)
        {
            string text = pins[i].Trim();
            text = text.StartsWith("sha256//", StringComparison.OrdinalIgnoreCase) ? text[8..]
                : text.StartsWith("sha256:", StringComparison.OrdinalIgnoreCase) ? text[7..]
                : text;
            hashes[i] = ParseHash(text) is { Length: HashBytes } hash
                ? hash
                : throw Bad(nameof(TlsSettings.Pinned), $"is a SHA-256 in 64 hexadecimal digits or in Base64, not '{pins[i]}'");
        }

        return hashes;
    }

    public static TlsCipherSuite[] ParseCipherSuites(IReadOnlyList<string> names)
    {
        if (names.Count > 0 && !OperatingSystem.IsLinux())
        {
            throw Bad(nameof(TlsSettings.CipherSuites), "can be chosen on Linux only; elsewhere the system chooses");
        }

        TlsCipherSuite[] suites = new TlsCipherSuite[names.Count];
        for (int i = 0; i < suites.Length; i++)
        {
            suites[i] = Enum.TryParse(names[i], ignoreCase: true, out TlsCipherSuite suite) && Enum.IsDefined(suite)
                ? suite
                : throw Bad(nameof(TlsSettings.CipherSuites), $"takes IANA names such as TLS_AES_128_GCM_SHA256, not '{names[i]}'");
        }

        return suites;
    }

    public static List<SslApplicationProtocol>? ParseAlpn(IReadOnlyList<string> names)
    {
        List<SslApplicationProtocol> protocols = [];
        foreach (string name in names)
        {
            // One byte counts their bytes on the wire.
            protocols.Add(Encoding.UTF8.GetByteCount(name) is > 0 and <= byte.MaxValue
                ? new SslApplicationProtocol(name)
                : throw Bad(nameof(TlsSettings.Alpn), $"takes names of 1 to 255 bytes such as mqtt, not '{name}'"));
        }

        return protocols.Count > 0 ? protocols : null;
    }

    /// <summary>What is wrong, without the name of a parameter behind it.</summary>
    public static string MessageOf(ArgumentException fault) =>
        fault.Message.Replace($" (Parameter '{fault.ParamName}')", string.Empty, StringComparison.Ordinal);

    public void Dispose()
    {
        foreach (X509Certificate2 certificate in _own)
        {
            certificate.Dispose();
        }
    }

    private static X509Certificate2Collection? LoadRoots(TlsSettings settings)
    {
        if (settings.CaFile is null && settings.CaDirectory is null)
        {
            return null;
        }

        X509Certificate2Collection roots = [];
        if (settings.CaFile is { } file)
        {
            roots.AddRange(LoadPem(file, nameof(settings.CaFile)));
        }

        if (settings.CaDirectory is { } directory)
        {
            roots.AddRange(LoadDirectory(directory));
        }

        if (settings.UseSystemRoots)
        {
            using X509Store system = new(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
            roots.AddRange(system.Certificates);
        }

        return roots;
    }

    private static X509Certificate2Collection LoadDirectory(string directory)
    {
        const string Setting = nameof(TlsSettings.CaDirectory);
        X509Certificate2Collection all = [];
        try
        {
            foreach (string file in Directory.EnumerateFiles(directory))
            {
                if (Array.Exists(CertificateEndings, ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
                {
                    all.AddRange(LoadPem(file, Setting));
                }
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Bad(Setting, $"cannot be read: {fault.Message}", fault);
        }

        return all.Count > 0 ? all : throw Bad(Setting, $"{directory} has no certificates (*.pem, *.crt, *.cer)");
    }

    private static X509Certificate2Collection LoadPem(string file, string setting)
    {
        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Bad(setting, $"{file} cannot be read: {OneLine(fault.Message)}", fault);
        }

        return certificates.Count > 0
            ? certificates
            : throw Bad(setting, $"{file} has no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
    }

    private static X509Certificate2 LoadClient(string certFile, string keyFile, string? password)
    {
        try
        {
            X509Certificate2 certificate = password is null
                ? X509Certificate2.CreateFromPemFile(certFile, keyFile)
                : X509Certificate2.CreateFromEncryptedPemFile(certFile, password, keyFile);
            if (!OperatingSystem.IsWindows())
            {
                return certificate;
            }

            // Its TLS finds keys in a store only.
            using (certificate)
            {
                return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            string hint = password is null ? "; an encrypted key needs KeyPassword" : string.Empty;
            throw Bad(nameof(TlsSettings.KeyFile), $"{keyFile} gives no key for {certFile}: {OneLine(fault.Message)}{hint}", fault);
        }
    }

    private static byte[]? ParseHash(string text)
    {
        string digits = text.Replace(":", string.Empty, StringComparison.Ordinal);
        if (digits.Length == 2 * HashBytes && digits.All(char.IsAsciiHexDigit))
        {
            return Convert.FromHexString(digits);
        }

        byte[] hash = new byte[HashBytes + 1];
        return Convert.TryFromBase64String(text, hash, out int length) ? hash[..length] : null;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');

    private static ArgumentException Bad(string setting, string rule, Exception? cause = null) => new($"{setting} {rule}.", setting, cause);
}
