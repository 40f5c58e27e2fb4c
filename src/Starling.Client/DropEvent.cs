namespace Starling.Client;

/// <summary>Messages were given up.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Subscription">Whose; null for a message without one.</param>
/// <param name="Messages">How many this event tells of.</param>
/// <param name="TotalMessages">How many this client has given up so far, for all reasons.</param>
public sealed record DropEvent(DropReason Reason, MqttSubscription? Subscription, long Messages, long TotalMessages);
