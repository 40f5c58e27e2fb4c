using System.Text;

namespace Starling.Client;

/// <summary>A user name and password that do not change.</summary>
/// <param name="user">The User Name; null for none.</param>
/// <param name="password">The Password; empty for none.</param>
public sealed class MqttPassword(string? user, ReadOnlyMemory<byte> password) : IMqttCredentials
{
    /// <summary>Takes the password as text.</summary>
    public MqttPassword(string? user, string? password)
        : this(user, password is null ? default : Encoding.UTF8.GetBytes(password))
    {
    }

    /// <inheritdoc/>
    public ValueTask<(string? User, ReadOnlyMemory<byte> Password)> GetAsync(CancellationToken ct) => ValueTask.FromResult((user, password));
}
