namespace Starling.Transports.Tests.Streams;

public sealed class TlsSettingsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Each_bad_setting_is_named()
    {
        (string certFile, string keyFile) = _authority.IssueFiles("a");
        string otherKey = _authority.IssueFiles("b").KeyFile;
        string text = _authority.Write("text.txt", "no certificate");
        string empty = Directory.CreateDirectory(Path.Combine(_authority.Folder, "empty")).FullName;
        (string Name, string Hint, TlsSettings Settings)[] cases =
        [
            ("CaFile", "cannot be read", new TlsSettings { CaFile = "/no/such/file.pem" }),
            ("CaFile", "no certificate in PEM form", new TlsSettings { CaFile = text }),
            ("CaDirectory", "cannot be read", new TlsSettings { CaDirectory = "/no/such/directory" }),
            ("CaDirectory", "has no certificates", new TlsSettings { CaDirectory = empty }),
            ("CertFile", "no certificate in PEM form", new TlsSettings { CertFile = text, KeyFile = keyFile }),
            ("CertFile", "KeyFile needs it", new TlsSettings { KeyFile = keyFile }),
            ("KeyFile", "gives no key", new TlsSettings { CertFile = certFile }),
            ("KeyFile", "gives no key", new TlsSettings { CertFile = certFile, KeyFile = otherKey }),
            ("KeyFile", "gives no key", new TlsSettings { CertFile = certFile, KeyFile = text }),
            ("ClientCertificate", "no private key", new TlsSettings { ClientCertificate = _authority.RootOnly }),
            ("Pinned", "64 hexadecimal digits", new TlsSettings { Pinned = ["sha256//abc"] }),
            ("Alpn", "1 to 255 bytes", new TlsSettings { Alpn = ["mqtt", ""] }),
            ("CipherSuites", "IANA names", new TlsSettings { CipherSuites = ["AES128"] }),
        ];

        Assert.All(cases, bad =>
        {
            ArgumentException fault = Assert.Throws<ArgumentException>(bad.Settings.Validate);
            Assert.Equal(bad.Name, fault.ParamName);
            Assert.Contains(bad.Hint, fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', fault.Message);
        });
    }

    [Fact]
    public void Good_settings_are_good()
    {
        (string certFile, string keyFile) = _authority.IssueFiles("a");

        new TlsSettings { CaFile = _authority.RootFile, UseSystemRoots = true, CertFile = certFile, KeyFile = keyFile, CipherSuites = ["TLS_AES_128_GCM_SHA256"] }.Validate();
        new TlsSettings { CaDirectory = _authority.Folder, ClientCertificate = _authority.Issue() }.Validate();
    }
}
