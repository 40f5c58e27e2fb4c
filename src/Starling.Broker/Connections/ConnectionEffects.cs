using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Broker.Connections;

/// <summary>Leads what the protocol machine found to the part of the shard that handles it.</summary>
internal readonly struct ConnectionEffects(BrokerConnection connection) : IServerEffects
{
    public PacketVerdict Connect(in ConnectPacket packet) => Count(connection.Shard.Connecting.Begin(connection, packet));

    public PacketVerdict Deliver(in PublishPacket packet, in PacketFrame frame) =>
        Count(connection.Shard.Incoming.Receive(connection, packet, frame));

    public PacketVerdict Acknowledge(in AcknowledgementPacket packet) => Count(connection.Shard.Acknowledging.Receive(connection, packet));

    public PacketVerdict Subscribe(in SubscribePacket packet, in PacketFrame frame) => Count(connection.Shard.Holds.MustPark(connection)
        ? connection.Shard.Holds.Park(connection, frame, default)
        : connection.Shard.Subscribing.Receive(connection, packet));

    public PacketVerdict Unsubscribe(in UnsubscribePacket packet, in PacketFrame frame) => Count(connection.Shard.Holds.MustPark(connection)
        ? connection.Shard.Holds.Park(connection, frame, default)
        : connection.Shard.Subscribing.Receive(connection, packet));

    public PacketVerdict Authenticate(in AuthPacket packet, in PacketFrame frame) => Count(connection.Shard.Holds.MustPark(connection)
        ? connection.Shard.Holds.Park(connection, frame, default)
        : connection.Shard.Authenticating.Receive(connection, packet));

    public PacketVerdict Ping()
    {
        connection.Shard.Counters.PacketsReceived++;
        connection.Shard.Counters.Replied(ServerReplies.SendPingResponse(connection.Output));
        return PacketVerdict.Continue;
    }

    public void Disconnect(in DisconnectPacket packet)
    {
        connection.Shard.Counters.PacketsReceived++;
        connection.Shard.Endings.Disconnected(connection, packet);
    }

    public void Violate(in ProtocolViolation violation) => connection.Shard.Endings.Violated(connection, violation);

    /// <summary>A packet that will be given again is counted then.</summary>
    private PacketVerdict Count(PacketVerdict verdict)
    {
        if (verdict != PacketVerdict.Retry)
        {
            connection.Shard.Counters.PacketsReceived++;
        }

        return verdict;
    }
}
