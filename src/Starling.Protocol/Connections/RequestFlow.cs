using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>SUBSCRIBE and UNSUBSCRIBE of one connection, and their answers.</summary>
internal sealed class RequestFlow(ClientSession session, IConnectionOutput output, ServerLimits limits)
{
    /// <summary>Sends SUBSCRIBE; false when it is too large or no Packet Identifier is free.</summary>
    public bool TrySubscribe(EncodedFilters filters, uint subscriptionIdentifier, object tag)
    {
        SubscribePacket packet = new()
        {
            SubscriptionIdentifier = limits.SubscriptionIdentifiersAvailable ? subscriptionIdentifier : 0,
            UserProperties = filters.UserProperties,
            FiltersBytes = filters.Bytes,
        };
        int packetBytes = packet.GetByteCount(limits.Version);
        if (!TryTakeIdentifier(new ClientRequest(PacketType.Subscribe, filters.Count, tag), packetBytes, out ushort identifier))
        {
            return false;
        }

        packet.PacketIdentifier = identifier;
        output.Advance(packet.Write(output.GetSpan(packetBytes), limits.Version));
        return true;
    }

    /// <summary>Sends UNSUBSCRIBE; false when it is too large or no Packet Identifier is free.</summary>
    public bool TryUnsubscribe(EncodedFilters filters, object tag)
    {
        UnsubscribePacket packet = new() { UserProperties = filters.UserProperties, FiltersBytes = filters.Bytes };
        int packetBytes = packet.GetByteCount(limits.Version);
        if (!TryTakeIdentifier(new ClientRequest(PacketType.Unsubscribe, filters.Count, tag), packetBytes, out ushort identifier))
        {
            return false;
        }

        packet.PacketIdentifier = identifier;
        output.Advance(packet.Write(output.GetSpan(packetBytes), limits.Version));
        return true;
    }

    /// <summary>SUBACK or UNSUBACK arrived: finds its request, which is over then.</summary>
    /// <param name="type">SUBSCRIBE or UNSUBSCRIBE: what it answers.</param>
    /// <param name="packetIdentifier">Its Packet Identifier.</param>
    /// <param name="codeCount">How many codes it has; -1 for an UNSUBACK of 3.x, which has none.</param>
    /// <param name="tag">The tag of the request; undefined with a violation.</param>
    public ProtocolViolation Answered(PacketType type, ushort packetIdentifier, int codeCount, out object tag)
    {
        // The answer has the identifier of its request [MQTT-2.2.1-6].
        if (!session.TryFind(packetIdentifier, out ClientRequest? request) || request.Type != type)
        {
            tag = string.Empty;
            return new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-2.2.1-6");
        }

        tag = request.Tag;
        session.FreeIdentifier(packetIdentifier);

        // One code for each filter, in their order [MQTT-3.8.4-6] [MQTT-3.9.3-1] [MQTT-3.11.3-1].
        return codeCount >= 0 && codeCount != request.FilterCount
            ? new ProtocolViolation(ReasonCode.ProtocolError, type == PacketType.Subscribe ? "MQTT-3.8.4-6" : "MQTT-3.11.3-1")
            : default;
    }

    private bool TryTakeIdentifier(ClientRequest request, int packetBytes, out ushort identifier)
    {
        identifier = 0;
        return (uint)packetBytes <= limits.MaximumPacketBytes && session.TryTakeIdentifier(request, out identifier);
    }
}
