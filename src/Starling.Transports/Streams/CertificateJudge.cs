using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Starling.Transports.Streams;

/// <summary>Decides about the certificate of one server, and keeps in one line why not.</summary>
internal sealed class CertificateJudge(TlsSettings settings, string name)
{
    private readonly byte[][] _pins = TlsMaterial.ParsePins(settings.Pinned);

    /// <summary>What is wrong with the certificate; null when nothing is.</summary>
    public string? Objection { get; private set; }

    /// <summary>What was wrong and is allowed; null when nothing was.</summary>
    public string? Allowed { get; private set; }

    public bool Judge(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        bool isPinned = certificate is not null && IsPinned(certificate);
        if (_pins.Length > 0 && !isPinned)
        {
            // Who names one certificate means that one, whatever else is allowed.
            Objection = certificate is null ? "the server shows no certificate" : $"its certificate is not a pinned one: {Hashes(certificate)}";
            return false;
        }

        if (isPinned && settings.CaFile is null && settings.CaDirectory is null)
        {
            return true;
        }

        if (errors != SslPolicyErrors.None)
        {
            string? lesser = settings.AllowWrongName && errors == SslPolicyErrors.RemoteCertificateNameMismatch && certificate is not null
                ? WrongName(certificate)
                : null;
            Objection = lesser is null ? Explain(certificate, chain, errors) : null;
            Allowed = lesser;
        }

        if (Objection is not null && settings.AllowUntrusted)
        {
            Allowed = Objection;
            Objection = null;
        }

        return Objection is null;
    }

    private bool IsPinned(X509Certificate2 certificate)
    {
        byte[] whole = SHA256.HashData(certificate.RawDataMemory.Span);
        byte[] key = SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());
        return Array.Exists(_pins, pin => pin.AsSpan().SequenceEqual(whole) || pin.AsSpan().SequenceEqual(key));
    }

    private static string Hashes(X509Certificate2 certificate) =>
        $"its SHA-256 is {Convert.ToHexStringLower(SHA256.HashData(certificate.RawDataMemory.Span))}, "
        + $"of its key {Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()))}";

    private string Explain(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "the server shows no certificate";
        }

        X509ChainStatusFlags status = X509ChainStatusFlags.NoError;
        foreach (X509ChainStatus one in chain?.ChainStatus ?? [])
        {
            status |= one.Status;
        }

        // Who shows an old certificate shall hear that first: it is the same one that was trusted yesterday.
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return WrongTime(certificate, chain);
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return WrongName(certificate);
        }

        if (status.HasFlag(X509ChainStatusFlags.NotSignatureValid))
        {
            return $"its certificate was not signed by the '{certificate.Issuer}' that is trusted, only by one with the same name";
        }

        return (status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0
            ? WrongIssuer(certificate)
            : $"its certificate '{certificate.Subject}' is not accepted: {status}";
    }

    private static string WrongTime(X509Certificate2 certificate, X509Chain? chain)
    {
        foreach (X509ChainElement element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            if (element.ChainElementStatus.Any(static one => one.Status == X509ChainStatusFlags.NotTimeValid))
            {
                X509Certificate2 old = element.Certificate;
                string whose = old.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)
                    ? "its certificate"
                    : $"the certificate '{old.Subject}' that vouches for it";
                return $"{whose} is valid from {Date(old.NotBefore)} to {Date(old.NotAfter)} only";
            }
        }

        return "its certificate is not valid today";
    }

    private string WrongName(X509Certificate2 certificate)
    {
        List<string> names = [];
        foreach (X509SubjectAlternativeNameExtension extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            names.AddRange(extension.EnumerateDnsNames());
            names.AddRange(extension.EnumerateIPAddresses().Select(static address => address.ToString()));
        }

        string whom = names.Count > 0 ? string.Join(", ", names) : $"'{certificate.Subject}'";
        return $"its certificate is for {whom}, not for {name}; if that is the right server, ask for it with ServerName";
    }

    private static string WrongIssuer(X509Certificate2 certificate) =>
        $"its certificate is issued by '{certificate.Issuer}', which is not trusted; if it should be, give that certificate with CaFile";

    private static string Date(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
