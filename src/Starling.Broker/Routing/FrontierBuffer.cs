using System.Runtime.CompilerServices;

namespace Starling.Broker.Routing;

/// <summary>Room on the stack for the nodes that most topics reach on one level.</summary>
[InlineArray(Length)]
internal struct FrontierBuffer
{
    public const int Length = 16;

    private SubscriptionNode? _first;
}
