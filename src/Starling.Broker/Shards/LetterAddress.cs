using Starling.Broker.Deliveries;
using Starling.Broker.Publishing;
using Starling.Broker.Routing;

namespace Starling.Broker.Shards;

/// <summary>What the ordinary letter does not have: the one member of a shared group that it is for, and the gather it answers to.</summary>
/// <param name="Member">Null: everybody who matches.</param>
/// <param name="Origin">With a member: the group and those already tried.</param>
/// <param name="Gather">Null: nobody waits for places.</param>
/// <param name="Stage">Whether only places are reserved, or only the rest is delivered.</param>
internal readonly record struct LetterAddress(SharedMember? Member, SharedOrigin? Origin, Gather? Gather, DeliveryStage Stage);
