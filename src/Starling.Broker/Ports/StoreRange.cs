namespace Starling.Broker.Ports;

/// <summary>Deliveries of one session with consecutive sequence numbers.</summary>
/// <param name="Session">The session number.</param>
/// <param name="From">The first.</param>
/// <param name="To">The last; not below the first.</param>
public readonly record struct StoreRange(ulong Session, ulong From, ulong To);
