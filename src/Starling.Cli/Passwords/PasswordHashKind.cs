namespace Starling.Cli.Passwords;

/// <summary>The ways of mosquitto to hash a password.</summary>
internal enum PasswordHashKind
{
    /// <summary>PBKDF2 with SHA-512.</summary>
    Pbkdf2,

    /// <summary>SHA-512 once, as in mosquitto 1.6: quick to guess.</summary>
    Sha512,
}
