namespace Starling.Transports.Loops;

/// <summary>
/// A place in a <see cref="ConnectionTable"/> together with how often that place had been given away: an event that carries the
/// ticket of an earlier holder is recognised and ignored.
/// </summary>
internal readonly record struct ConnectionTicket(int Index, int Generation);
