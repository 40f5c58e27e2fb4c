using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Starling.Client;
using Starling.Hosting;

namespace Starling.Cli.Tests.Mosquitto;

/// <summary>What the rows of one class share: a broker, a client that feeds the tools, certificates.</summary>
public sealed class FlagFixture : IAsyncLifetime
{
    private static readonly TimeSpan DayBefore = TimeSpan.FromDays(-1);

    private readonly StarlingBroker _broker = StarlingBroker.Start(new StarlingOptions
    {
        Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, 0))],
        Durability = Durability.Memory,
        Loops = 1,
        MemoryBudgetBytes = 64 << 20,
    });

    private readonly TemporaryFolder _folder = new();
    private MqttClient? _feeder;
    private X509Certificate2? _certificate;

    internal int BrokerPort => _broker.EndPoints[0].Port;

    internal MqttClient Feeder => _feeder ?? throw new InvalidOperationException("Not started.");

    internal X509Certificate2? Certificate => _certificate;

    /// <summary>A folder with the files that rows name, fresh for each run.</summary>
    internal TemporaryFolder CreateFolder()
    {
        TemporaryFolder folder = new();
        foreach (string file in Directory.GetFiles(_folder.Path))
        {
            File.Copy(file, folder.File(Path.GetFileName(file)));
        }

        File.WriteAllText(folder.File("payload"), "from\na file\n");
        File.WriteAllText(folder.File("users"), $"old:{Passwords.PasswordHash.Create("known", Passwords.PasswordHashKind.Pbkdf2, 101)}\n");
        File.WriteAllText(folder.File("plain"), "one:first\ntwo:sec:ond\n");
        File.WriteAllText(folder.File("broken"), "one:first\nno colon here\n");
        Directory.CreateDirectory(folder.File("authorities"));
        File.Copy(folder.File("ca.pem"), folder.File("authorities/ca.pem"));
        return folder;
    }

    public async ValueTask InitializeAsync()
    {
        string address = string.Create(CultureInfo.InvariantCulture, $"mqtt://127.0.0.1:{BrokerPort}");
        _feeder = await MqttClient.ConnectAsync(address, TestContext.Current.CancellationToken);
        using X509Certificate2 authority = CreateAuthority("CN=Test Authority");
        using X509Certificate2 other = CreateAuthority("CN=Another Authority");
        await File.WriteAllTextAsync(_folder.File("ca.pem"), authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("other.pem"), other.ExportCertificatePem(), TestContext.Current.CancellationToken);
        _certificate = CreateLeaf("CN=localhost", authority);
        using X509Certificate2 client = CreateLeaf("CN=the client", authority);
        await File.WriteAllTextAsync(_folder.File("client.pem"), client.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            _folder.File("client.key"), client.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Feeder.DisposeAsync();
        await _broker.DisposeAsync();
        _certificate?.Dispose();
        _folder.Dispose();
    }

    private static X509Certificate2 CreateAuthority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now + DayBefore, now - (10 * DayBefore));
    }

    private static X509Certificate2 CreateLeaf(string name, X509Certificate2 authority)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 signed = request.Create(authority, now + DayBefore, now - (9 * DayBefore), RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
