using System.Net;

namespace Starling.Transports;

/// <summary>A listener that is open.</summary>
/// <param name="Name">As its options named it.</param>
/// <param name="EndPoint">Where it listens, with the port that was taken.</param>
public sealed record BoundListener(string Name, IPEndPoint EndPoint);
