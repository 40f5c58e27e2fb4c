using System.Security.Authentication;
using Starling.Client;

namespace Starling.Cli.Flags;

/// <summary>What the flags about TLS say.</summary>
internal sealed record TlsFlagSettings
{
    public string? CaFile { get; init; }

    public string? CaDirectory { get; init; }

    public bool UsesSystemRoots { get; init; }

    public string? CertFile { get; init; }

    public string? KeyFile { get; init; }

    public bool IsInsecure { get; init; }

    public SslProtocols Versions { get; init; }

    public string? Alpn { get; init; }

    public IReadOnlyList<string> CipherSuites { get; init; } = [];

    /// <summary>Whether a flag asks for TLS by itself, whatever the scheme is.</summary>
    public bool AsksForTls => CaFile is not null || CaDirectory is not null || UsesSystemRoots;

    public void ApplyTo(MqttTlsOptions options)
    {
        options.CaFile = CaFile;
        options.CaDirectory = CaDirectory;
        options.UseSystemRoots = UsesSystemRoots;
        options.CertFile = CertFile;
        options.KeyFile = KeyFile;
        options.AllowWrongName = IsInsecure;
        options.Versions = Versions;
        if (Alpn is not null)
        {
            options.Alpn.Add(Alpn);
        }

        foreach (string suite in CipherSuites)
        {
            options.CipherSuites.Add(suite);
        }
    }
}
