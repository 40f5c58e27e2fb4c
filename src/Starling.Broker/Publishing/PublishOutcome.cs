using Starling.Broker.Connections;

namespace Starling.Broker.Publishing;

/// <summary>What became of a message.</summary>
/// <param name="IsMatched">Whether anybody is subscribed.</param>
/// <param name="Ticket">What the acknowledgement waits for.</param>
internal readonly record struct PublishOutcome(bool IsMatched, Ticket Ticket);
