using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>
/// What a connection of the client role tells its owner. Packets and spans are valid during the call only. No member may call back
/// into the connection, except where it says so.
/// </summary>
public interface IClientEffects
{
    /// <summary>CONNACK accepted the connection; publishing and subscribing are legal from the end of the running call on.</summary>
    void Accepted(scoped in ConnAckPacket packet, in ServerLimits limits);

    /// <summary>CONNACK refused the connection; <see cref="Ended"/> follows.</summary>
    void Refused(scoped in ConnAckPacket packet);

    /// <summary>The server sent AUTH 0x18: the owner answers, now or later, with <see cref="ClientConnection.Authenticate"/>.</summary>
    void Challenged(scoped in AuthPacket packet);

    /// <summary>A re-authentication succeeded (AUTH 0x00).</summary>
    void Reauthenticated(scoped in AuthPacket packet);

    /// <summary>
    /// A message arrived, for the first time in its exchange. QoS 1 and 2 are acknowledged when the owner calls
    /// <see cref="ClientConnection.Acknowledge"/> with the token, in any order.
    /// </summary>
    /// <param name="publish">The packet; its own topic is empty when an alias stands for it.</param>
    /// <param name="topic">The Topic Name, with the alias resolved.</param>
    /// <param name="token">Names the delivery.</param>
    void Deliver(scoped in PublishPacket publish, scoped ReadOnlySpan<byte> topic, in IncomingToken token);

    /// <summary>The exchange of a message is over.</summary>
    /// <param name="message">The message; the session has forgotten it.</param>
    /// <param name="reason">What the server said: the code of PUBACK or PUBREC. Always Success in 3.x, which has no codes.</param>
    /// <param name="packet">The packet that ended the exchange.</param>
    void Completed(OutgoingMessage message, ReasonCode reason, scoped in AcknowledgementPacket packet);

    /// <summary>A message was not sent because the server's limits forbid it; the session has forgotten it.</summary>
    void NotSent(OutgoingMessage message, ReasonCode reason);

    /// <summary>A message expired before it was sent; the session has forgotten it.</summary>
    void Expired(OutgoingMessage message);

    /// <summary>
    /// PUBREC took a message with <see cref="OutgoingMessage.AwaitsRelease"/>. PUBREL leaves when the owner calls
    /// <see cref="ClientConnection.Release"/>, after the running call.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="reason">The code of PUBREC, below 0x80.</param>
    void Received(OutgoingMessage message, ReasonCode reason);

    /// <summary>
    /// The server has lost the session after its PUBREC of a QoS 2 message and before PUBCOMP: whether the message was passed on can no
    /// longer be known. The session has forgotten it.
    /// </summary>
    void OutcomeUnknown(OutgoingMessage message);

    /// <summary>SUBACK to the request that carried <paramref name="tag"/>.</summary>
    void Subscribed(object tag, scoped in SubAckPacket packet);

    /// <summary>UNSUBACK to the request that carried <paramref name="tag"/>.</summary>
    void Unsubscribed(object tag, scoped in UnsubAckPacket packet);

    /// <summary>The server sent DISCONNECT; <see cref="Ended"/> follows.</summary>
    void ServerDisconnected(scoped in DisconnectPacket packet);

    /// <summary>The connection is over as far as MQTT goes; called once, last. The transport closes by itself.</summary>
    void Ended(in ClientEnd end);
}
