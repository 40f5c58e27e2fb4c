namespace Starling.Client;

/// <summary>A source of user name and password. It is asked at every connect, so tokens may rotate.</summary>
public interface IMqttCredentials
{
    /// <summary>Gets what the next CONNECT carries.</summary>
    /// <param name="ct">Cancelled when the attempt is over.</param>
    ValueTask<(string? User, ReadOnlyMemory<byte> Password)> GetAsync(CancellationToken ct);
}
