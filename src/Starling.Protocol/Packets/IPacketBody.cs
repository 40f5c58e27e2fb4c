namespace Starling.Protocol.Packets;

/// <summary>A packet, seen as what stands behind its fixed header.</summary>
internal interface IPacketBody
{
    void WriteBody(ref FieldWriter writer, MqttVersion version);

    void WriteProperties(ref FieldWriter writer);
}
