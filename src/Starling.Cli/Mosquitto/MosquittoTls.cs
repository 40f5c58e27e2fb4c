namespace Starling.Cli.Mosquitto;

/// <summary>What the flags about TLS say; filled while they are read.</summary>
internal sealed class MosquittoTls
{
    public string? CaFile { get; set; }

    public string? CaPath { get; set; }

    public string? CertFile { get; set; }

    public string? KeyFile { get; set; }

    public string? KeyForm { get; set; }

    public string? Ciphers { get; set; }

    public string? Version { get; set; }

    public string? Alpn { get; set; }

    public bool UsesSystemAuthorities { get; set; }

    public bool IsInsecure { get; set; }

    public string? Engine { get; set; }

    public string? EnginePasswordSha1 { get; set; }

    public string? PreSharedKey { get; set; }

    public string? PreSharedKeyIdentity { get; set; }

    /// <summary>Whether a certificate authority was named, which alone moves the port to 8883.</summary>
    public bool HasAuthority => CaFile is not null || CaPath is not null;
}
