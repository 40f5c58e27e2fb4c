using System.Buffers.Binary;
using System.Text;
using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Wire;

/// <summary>A packet from the broker, taken apart.</summary>
internal sealed class ReceivedPacket
{
    public ReceivedPacket(Level level, byte firstByte, ReadOnlySpan<byte> body)
    {
        FirstByte = firstByte;
        ByteCount = body.Length;
        bool hasProperties = level == Level.V50;
        switch (Kind)
        {
            case PacketKind.ConnAck:
                SessionPresent = body[0] == 1;
                Reason = body[1];
                Properties = hasProperties ? PropertyReader.Read(body[2..], out _) : [];
                break;
            case PacketKind.Publish:
                ReadPublish(hasProperties, body);
                break;
            case PacketKind.SubAck or PacketKind.UnsubAck:
                ReadCodes(hasProperties, body);
                break;
            case PacketKind.PubAck or PacketKind.PubRec or PacketKind.PubRel or PacketKind.PubComp:
                Identifier = BinaryPrimitives.ReadUInt16BigEndian(body);
                Reason = body.Length > 2 ? body[2] : 0;
                Properties = body.Length > 3 ? PropertyReader.Read(body[3..], out _) : [];
                break;
            case PacketKind.Disconnect or PacketKind.Auth:
                Reason = body.Length > 0 ? body[0] : 0;
                Properties = body.Length > 1 ? PropertyReader.Read(body[1..], out _) : [];
                break;
            default:
                break;
        }
    }

    public byte FirstByte { get; }

    public PacketKind Kind => (PacketKind)(FirstByte >> 4);

    public int ByteCount { get; }

    public bool SessionPresent { get; }

    public int Identifier { get; private set; }

    public int Reason { get; private set; }

    public byte[] Codes { get; private set; } = [];

    public string Topic { get; private set; } = "";

    public byte[] Payload { get; private set; } = [];

    public string Text => Encoding.UTF8.GetString(Payload);

    public int Qos => (FirstByte >> 1) & 3;

    public List<KeyValuePair<int, object>> Properties { get; private set; } = [];

    /// <summary>The number in a property; null when it is absent.</summary>
    public long? Number(int id) => Properties.Where(p => p.Key == id).Select(p => (long?)(long)p.Value).SingleOrDefault();

    public override string ToString() =>
        $"{Kind} reason {Reason:X2} identifier {Identifier} topic '{Topic}' codes {Convert.ToHexString(Codes)}";

    private void ReadPublish(bool hasProperties, ReadOnlySpan<byte> body)
    {
        int topicLength = BinaryPrimitives.ReadUInt16BigEndian(body);
        Topic = Encoding.UTF8.GetString(body.Slice(2, topicLength));
        body = body[(2 + topicLength)..];
        if (Qos > 0)
        {
            Identifier = BinaryPrimitives.ReadUInt16BigEndian(body);
            body = body[2..];
        }

        if (hasProperties)
        {
            Properties = PropertyReader.Read(body, out int bytesRead);
            body = body[bytesRead..];
        }

        Payload = body.ToArray();
    }

    private void ReadCodes(bool hasProperties, ReadOnlySpan<byte> body)
    {
        Identifier = BinaryPrimitives.ReadUInt16BigEndian(body);
        int start = 2;
        if (hasProperties)
        {
            Properties = PropertyReader.Read(body[2..], out int bytesRead);
            start += bytesRead;
        }

        Codes = body[start..].ToArray();
    }
}
