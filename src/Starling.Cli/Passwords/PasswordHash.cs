using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Starling.Cli.Passwords;

/// <summary>Hashes as mosquitto 2.0 writes them: <c>$7$iterations$salt$hash</c> by PBKDF2 with SHA-512, and <c>$6$salt$hash</c> of old.</summary>
internal static class PasswordHash
{
    public const int UsualIterations = 101;

    private const int SaltBytes = 12;
    private const int HashBytes = 64;
    private const int IterationsMax = 10_000_000;

    /// <summary>Hashes with a salt of its own.</summary>
    public static string Create(string password, PasswordHashKind kind, int iterations)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        string text = Convert.ToBase64String(salt);
        return kind == PasswordHashKind.Sha512
            ? $"$6${text}${Convert.ToBase64String(Digest(password, salt))}"
            : string.Create(CultureInfo.InvariantCulture, $"$7${iterations}${text}${Convert.ToBase64String(Derive(password, salt, iterations, HashBytes))}");
    }

    /// <summary>Whether it is a hash that can be checked, rather than a password in plain text.</summary>
    public static bool IsHash(string text) => TryRead(text, out _, out _, out _);

    /// <summary>Whether the password is the one that was hashed. Takes as long for every wrong one.</summary>
    public static bool Matches(string hash, string password)
    {
        if (!TryRead(hash, out int iterations, out byte[] salt, out byte[] wanted))
        {
            return false;
        }

        byte[] own = iterations == 0 ? Digest(password, salt) : Derive(password, salt, iterations, wanted.Length);
        return CryptographicOperations.FixedTimeEquals(own, wanted);
    }

    // Iterations are 0 for $6$.
    private static bool TryRead(string text, out int iterations, out byte[] salt, out byte[] hash)
    {
        string[] parts = text.Split('$');
        iterations = 0;
        salt = [];
        hash = [];
        bool isOld = parts is ["", "6", _, _];
        bool isNew = parts is ["", "7", _, _, _]
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out iterations) && iterations is > 0 and <= IterationsMax;
        return (isOld || isNew)
            && TryDecode(parts[^2], out salt) && TryDecode(parts[^1], out hash)
            && salt.Length > 0 && hash.Length == HashBytes;
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        bool isDecoded = Convert.TryFromBase64String(text, bytes, out int length);
        bytes = bytes[..length];
        return isDecoded;
    }

    private static byte[] Digest(string password, byte[] salt) => SHA512.HashData([.. Encoding.UTF8.GetBytes(password), .. salt]);

    private static byte[] Derive(string password, byte[] salt, int iterations, int length) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA512, length);
}
