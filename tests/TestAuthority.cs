using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Starling.Testing;

/// <summary>A certificate authority of one test: what it issues is trusted by nobody else.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2090, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<X509Certificate2> _issued = [];
    private byte _serial;

    public TestAuthority(string name = "Test authority")
    {
        Folder = Directory.CreateTempSubdirectory("starling-ca-").FullName;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Root = request.CreateSelfSigned(Begin, End);
        RootFile = Write("ca.pem", Root.ExportCertificatePem());
    }

    public X509Certificate2 Root { get; }

    /// <summary>Everything written for the test lies here, and goes with it.</summary>
    public string Folder { get; }

    public string RootFile { get; }

    /// <summary>The root without its key.</summary>
    public X509Certificate2 RootOnly => X509Certificate2.CreateFromPem(Root.ExportCertificatePem());

    /// <summary>A server's certificate with its key.</summary>
    public X509Certificate2 Issue(string name = "localhost", DateTimeOffset? end = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        if (IPAddress.TryParse(name, out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using X509Certificate2 certificate = request.Create(Root, Begin, end ?? End, [++_serial]);
        X509Certificate2 whole = certificate.CopyWithPrivateKey(key);
        _issued.Add(whole);
        return whole;
    }

    /// <summary>A certificate and its key as PEM files.</summary>
    public (string CertFile, string KeyFile) IssueFiles(string name)
    {
        X509Certificate2 certificate = Issue(name);
        using ECDsa key = certificate.GetECDsaPrivateKey() ?? throw new InvalidOperationException("It has a key.");
        return (Write($"{name}.pem", certificate.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    public string Write(string file, string text)
    {
        string path = Path.Combine(Folder, file);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _issued.ForEach(static certificate => certificate.Dispose());
        Root.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
