namespace Starling.Transports;

/// <summary>Event loops.</summary>
public sealed class LoopGroup
{
}
