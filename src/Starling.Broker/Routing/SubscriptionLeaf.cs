namespace Starling.Broker.Routing;

/// <summary>The end of one Topic Filter in the subscription tree.</summary>
internal sealed class SubscriptionLeaf
{
}
