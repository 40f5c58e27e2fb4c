namespace Starling.Client;

/// <summary>What happens to QoS 0 messages when a subscription's buffer is full. Drops are counted and reported.</summary>
public enum Overflow
{
    /// <summary>The oldest QoS 0 message is dropped.</summary>
    DropOldest,

    /// <summary>The new message is dropped.</summary>
    DropNewest,

    /// <summary>
    /// Nothing is dropped; the connection is not read until there is room, which holds back all subscriptions. While an answer of the server
    /// or a reply is awaited it is read on, up to 16 times the buffer, so that a reader may publish, subscribe and request.
    /// </summary>
    Wait,
}
