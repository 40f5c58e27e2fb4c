namespace Starling.Protocol.Connections;

/// <summary>A SUBSCRIBE or UNSUBSCRIBE that waits for its answer.</summary>
/// <param name="Type">SUBSCRIBE or UNSUBSCRIBE.</param>
/// <param name="FilterCount">How many filters it had, so how many codes the answer must have.</param>
/// <param name="Tag">The caller's.</param>
internal sealed record ClientRequest(PacketType Type, int FilterCount, object Tag);
