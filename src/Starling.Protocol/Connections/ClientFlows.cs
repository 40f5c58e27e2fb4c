namespace Starling.Protocol.Connections;

/// <summary>What a connection of the client role has from CONNACK on.</summary>
/// <param name="Outgoing">Messages to the server.</param>
/// <param name="Incoming">Messages from the server.</param>
/// <param name="Requests">SUBSCRIBE and UNSUBSCRIBE.</param>
internal sealed record ClientFlows(OutgoingFlow Outgoing, IncomingFlow Incoming, RequestFlow Requests);
