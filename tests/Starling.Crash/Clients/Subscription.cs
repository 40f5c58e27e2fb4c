using Starling.Crash.Ledger;

namespace Starling.Crash.Clients;

/// <summary>One filter of a <see cref="Subscriber"/>.</summary>
internal sealed record Subscription(string Filter, int Qos, IReadOnlyList<MessageStream> Streams)
{
    /// <summary>SUBACK has come.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>UNSUBSCRIBE has left.</summary>
    public bool IsLeaving { get; set; }
}
