namespace Starling.Client;

/// <summary>The client's part of an enhanced authentication, 5.0 only. Called by one attempt at a time.</summary>
public interface IEnhancedAuthentication
{
    /// <summary>The Authentication Method.</summary>
    string Method { get; }

    /// <summary>Begins an exchange: the data of CONNECT, or of a re-authentication.</summary>
    ValueTask<ReadOnlyMemory<byte>> StartAsync(CancellationToken ct);

    /// <summary>Answers the server's data.</summary>
    ValueTask<ReadOnlyMemory<byte>> ContinueAsync(ReadOnlyMemory<byte> challenge, CancellationToken ct);
}
