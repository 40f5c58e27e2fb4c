namespace Starling.Broker.Ports;

/// <summary>What a client wants to do. Valid during the call only.</summary>
public readonly ref struct AuthorizationRequest
{
    /// <summary>Publish or subscribe.</summary>
    public required AuthorizationAction Action { get; init; }

    /// <summary>The Client Identifier.</summary>
    public required string ClientIdentifier { get; init; }

    /// <summary>The user name of CONNECT; null when it had none.</summary>
    public string? UserName { get; init; }

    /// <summary>The Topic Name or Topic Filter (with $share/NAME/ when shared) in UTF-8.</summary>
    public required ReadOnlySpan<byte> Topic { get; init; }
}
