using Starling.Broker.Sessions;

namespace Starling.Broker.Routing;

/// <summary>A further matching subscription of the session that has the given place among the targets.</summary>
internal readonly record struct OverlappingSubscription(int Slot, Subscription Subscription);
