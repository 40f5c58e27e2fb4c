using System.Net.Security;

namespace Starling.Cli.Mosquitto;

/// <summary>Ciphers by the names that OpenSSL has for them.</summary>
internal static class CipherNames
{
    /// <summary>The cipher suite, as in ECDHE-RSA-AES256-GCM-SHA384 or TLS_AES_256_GCM_SHA384; null when it is not known.</summary>
    public static TlsCipherSuite? Find(string name) =>
        Enum.TryParse(ToStandard(name), ignoreCase: false, out TlsCipherSuite suite) && Enum.IsDefined(suite) ? suite : null;

    private static string ToStandard(string name)
    {
        if (name.StartsWith("TLS_", StringComparison.Ordinal))
        {
            return name;
        }

        // The key exchange stands before the cipher; without one it is RSA.
        List<string> words = [.. name.Split('-')];
        int cipher = words.FindIndex(static word => word.StartsWith("AES", StringComparison.Ordinal) || word.StartsWith("CHACHA", StringComparison.Ordinal));
        if (cipher < 0)
        {
            return name;
        }

        string exchange = cipher == 0 ? "RSA" : string.Join('_', words[..cipher]);
        string rest = string.Join('_', words[cipher..])
            .Replace("AES128", "AES_128", StringComparison.Ordinal)
            .Replace("AES256", "AES_256", StringComparison.Ordinal)
            .Replace("AES_128_SHA", "AES_128_CBC_SHA", StringComparison.Ordinal)
            .Replace("AES_256_SHA", "AES_256_CBC_SHA", StringComparison.Ordinal);
        return $"TLS_{exchange}_WITH_{rest}{(rest == "CHACHA20_POLY1305" ? "_SHA256" : "")}";
    }
}
