using Starling.Broker.Ports;

namespace Starling.Broker.Messages;

/// <summary>Where a message came from, as its record says it.</summary>
/// <param name="Epoch">The epoch of the publisher's session.</param>
/// <param name="PacketIdentifier">The Packet Identifier that the publisher chose; 0: QoS 0, or a Will.</param>
/// <param name="RetainedRevision">The revision under which it is retained; 0: it is not.</param>
/// <param name="IsWill">Whether it is the Will of that session and epoch.</param>
/// <param name="TakenFrom">The delivery of another session whose place it takes; Session 0: none.</param>
internal readonly record struct MessageOrigin(
    uint Epoch, ushort PacketIdentifier, ulong RetainedRevision, bool IsWill = false, StoreRange TakenFrom = default);
