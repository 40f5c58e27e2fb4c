using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>The connection that is up, as publishing threads see it. Immutable.</summary>
/// <param name="Generation">Tells connections apart.</param>
/// <param name="Limits">What its server allows.</param>
internal sealed record LiveLink(long Generation, ServerLimits Limits);
