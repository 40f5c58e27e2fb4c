using System.CommandLine;
using System.Net.Security;
using System.Security.Authentication;
using Starling.Cli.Mosquitto;

namespace Starling.Cli.Flags;

/// <summary>The flags about TLS, with the names and meanings of mosquitto.</summary>
internal sealed class TlsFlags
{
    private static readonly (string Word, SslProtocols Value)[] Lowest =
    [
        ("tlsv1.3", SslProtocols.Tls13), ("tlsv1.2", SslProtocols.Tls12 | SslProtocols.Tls13),
    ];

    // Made when asked for: a command without TLS does not load what is behind it.
    private static TlsCipherSuite[] CiphersOf13 =>
        [TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256];

    private readonly Option<string> _caFile = FlagKinds.Value("--cafile", "FILE", "Speak TLS, and trust the certificates of this file (PEM).");
    private readonly Option<string> _caPath = FlagKinds.Value("--capath", "DIR", "Speak TLS, and trust the certificates in this directory.");
    private readonly Option<bool> _system = FlagKinds.Switch("--tls-use-os-certs", "Speak TLS, and trust what the system trusts.");
    private readonly Option<string> _cert = FlagKinds.Value("--cert", "FILE", "The client's certificate (PEM); needs --key.");
    private readonly Option<string> _key = FlagKinds.Value("--key", "FILE", "The key of --cert (PEM).");
    private readonly Option<string> _keyForm = FlagKinds.Value("--keyform", "pem", "The form of --key; pem is the only one.");
    private readonly Option<bool> _insecure = FlagKinds.Switch("--insecure", "Take a certificate for another host name.");
    private readonly Option<string> _version = FlagKinds.Value("--tls-version", "tlsv1.2|tlsv1.3", "The lowest version.");
    private readonly Option<string> _alpn = FlagKinds.Value("--tls-alpn", "PROTOCOL", "The application protocol to ask for (ALPN).");
    private readonly Option<string> _ciphers = FlagKinds.Value(
        "--ciphers", "LIST", "Ciphers by OpenSSL's or IANA's names, with : between them. Those of TLS 1.3 are always allowed.");

    public void AddTo(Command command)
    {
        foreach (Option flag in (ReadOnlySpan<Option>)
            [_caFile, _caPath, _system, _cert, _key, _keyForm, _insecure, _version, _alpn, _ciphers])
        {
            command.Add(flag);
        }
    }

    /// <summary>What the flags say; what is wrong is kept in <paramref name="flags"/>.</summary>
    public TlsFlagSettings Read(FlagReader flags)
    {
        if (flags.Has(_cert) != flags.Has(_key))
        {
            flags.Refuse("--cert and --key belong together: the certificate and its key.");
        }

        if (flags.Text(_keyForm) is { } form && form != "pem")
        {
            flags.Refuse($"--keyform {form} is not supported: the TLS of .NET has no engines. Use --keyform pem.");
        }

        CheckFile(flags, _caFile);
        CheckFile(flags, _cert);
        CheckFile(flags, _key);
        if (flags.Text(_caPath) is { } folder && !Directory.Exists(folder))
        {
            flags.Refuse($"--capath {folder} is not there, or is no directory.");
        }

        return new TlsFlagSettings
        {
            CaFile = flags.Text(_caFile),
            CaDirectory = flags.Text(_caPath),
            UsesSystemRoots = flags.Has(_system),
            CertFile = flags.Text(_cert),
            KeyFile = flags.Text(_key),
            IsInsecure = flags.Has(_insecure),
            Versions = flags.Choice(_version, Lowest, SslProtocols.None),
            Alpn = flags.Text(_alpn),
            CipherSuites = ReadCiphers(flags),
        };
    }

    private static void CheckFile(FlagReader flags, Option<string> flag)
    {
        if (flags.Text(flag) is { } path && !File.Exists(path))
        {
            flags.Refuse($"{flag.Name} {path} is not there, or is no file.");
        }
    }

    private List<string> ReadCiphers(FlagReader flags)
    {
        if (flags.Text(_ciphers) is not { } list)
        {
            return [];
        }

        List<string> suites = [.. CiphersOf13.Select(static suite => suite.ToString())];
        foreach (string name in list.Split(':'))
        {
            if (CipherNames.Find(name) is { } suite)
            {
                suites.Add(suite.ToString());
            }
            else
            {
                flags.Refuse($"--ciphers {name} is not known. For example --ciphers ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256.");
            }
        }

        return suites;
    }
}
