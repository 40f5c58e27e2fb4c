namespace Starling.Protocol.Connections;

/// <summary>The end of a connection of the client role.</summary>
/// <param name="Kind">Who ended it.</param>
/// <param name="Reason">The Reason Code of CONNACK or DISCONNECT, in either direction.</param>
/// <param name="Statement">The statement that the server broke; null when it broke none.</param>
public readonly record struct ClientEnd(ClientEndKind Kind, ReasonCode Reason, string? Statement);
