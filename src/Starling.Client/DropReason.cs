namespace Starling.Client;

/// <summary>Why a message was given up.</summary>
public enum DropReason
{
    /// <summary>The buffer of its subscription was full.</summary>
    BufferFull,

    /// <summary>No subscription of this client matches it. QoS 1 and 2 are held for 10 s before.</summary>
    NoSubscription,

    /// <summary>Its subscription was disposed before it was read.</summary>
    SubscriptionDisposed,

    /// <summary>A QoS 0 message was not yet sent when its connection was lost.</summary>
    ConnectionLost,

    /// <summary>Its handler failed, and it does not come again.</summary>
    HandlerFailed,

    /// <summary>The server refused a message that an earlier process left in the outbox file.</summary>
    Refused,

    /// <summary>Such a message expired before it could be sent.</summary>
    Expired,

    /// <summary>The server lost the session after it had received such a message of QoS 2: whether it passed it on cannot be known.</summary>
    OutcomeUnknown,
}
