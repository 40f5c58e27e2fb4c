using Starling.Protocol;

namespace Starling.Client.Core;

/// <summary>How a connection ended.</summary>
/// <param name="Cause">Null when this side said DISCONNECT.</param>
/// <param name="Reason">What the server said; null when it said nothing.</param>
internal sealed record LinkEnd(MqttException? Cause, ReasonCode? Reason);
