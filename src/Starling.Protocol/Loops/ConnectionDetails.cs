using System.Net;

namespace Starling.Protocol.Loops;

/// <summary>What is known of a connection when it is attached to a loop.</summary>
/// <param name="RemoteEndPoint">The peer; null where the transport has none (in-memory).</param>
/// <param name="ListenerName">The name of the listener that accepted it; empty for a connection that this side opened.</param>
/// <param name="OpenedMonotonicMilliseconds">When it was accepted or opened; a move keeps it, so time-outs count from here.</param>
public readonly record struct ConnectionDetails(EndPoint? RemoteEndPoint, string ListenerName, long OpenedMonotonicMilliseconds);
