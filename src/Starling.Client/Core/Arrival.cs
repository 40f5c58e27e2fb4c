using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>A message that arrived, before it is given to subscriptions.</summary>
/// <param name="Message">The message.</param>
/// <param name="Topic">Its topic as UTF-8.</param>
/// <param name="IsDuplicate">DUP.</param>
/// <param name="Identifiers">Its Subscription Identifiers.</param>
/// <param name="Token">What to acknowledge.</param>
internal readonly record struct Arrival(MqttMessage Message, byte[] Topic, bool IsDuplicate, uint[] Identifiers, IncomingToken Token)
{
    /// <summary>Whether its acknowledgement can carry a code: 5.0.</summary>
    public bool HasReasonCodes { get; init; }
}
