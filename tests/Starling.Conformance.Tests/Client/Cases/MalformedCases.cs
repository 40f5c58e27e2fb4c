using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>A server that sends what is no packet: the client closes.</summary>
internal static class MalformedCases
{
    private static readonly byte[][] BadTexts = [[0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xFF], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80], [(byte)'a', 0, (byte)'b']];

    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("A topic that is no text ends the connection",
            ["MQTT-1.5.4-1", "MQTT-1.5.4-2", "MQTT-3.3.2-1", "MQTT-4.7.3-2", "MQTT311-1.5.3-1", "MQTT311-1.5.3-2", "MQTT311-3.3.2-1", "MQTT311-4.7.3-2"],
            BadTopics),
        new("A property that is no text ends the connection",
            ["MQTT-1.5.4-1", "MQTT-1.5.4-2", "MQTT-1.5.7-1", "MQTT-3.3.2-13", "MQTT-3.3.2-19"], BadProperties),
        new("Reserved flags end the connection", ["MQTT-2.1.3-1", "MQTT311-2.2.2-2"], Flags),
        new("A PUBLISH with both QoS bits ends the connection", ["MQTT-3.3.1-4", "MQTT311-3.3.1-4"], Qos3),
        new("Packets of type 0 and, before 5.0, 15 end the connection", ["U5-01", "MQTT311-4.8.0-1"], ReservedTypes),
        new("A length of more than four bytes ends the connection", ["U5-02", "MQTT311-4.8.0-1"], LengthWithoutEnd),
        new("A number in more bytes than it needs ends the connection", ["MQTT-1.5.5-1"], LongNumbers),
        new("PINGRESP with a body ends the connection", ["U5-04", "MQTT311-4.8.0-1"], PingBody),
        new("Bytes behind the last field, or a field cut short, end the connection", ["U5-05", "MQTT311-4.8.0-1"], WrongLength),
        new("A property that is unknown or in the wrong packet ends the connection", ["U5-06"], WrongProperties),
        new("A property length beyond the packet ends the connection", ["U5-08"], PropertyLength),
        new("Packets in pieces and many in one piece are all read", ["MQTT-4.2-1", "MQTT311-7.1.2-1"], Pieces),
    ];

    private static void BadTopics(ClientRun run) => Each(BadTexts, Convert.ToHexString, text =>
    {
        ByteWriter body = new ByteWriter().Binary(text);
        RequireEnd(run, PacketBytes.Frame(0x30, (run.IsV5 ? body.Block([]) : body).ToArray()), ReasonCode.MalformedPacket);
    });

    private static void BadProperties(ClientRun run) => Each(BadTexts, Convert.ToHexString, text =>
    {
        byte[] name = new ByteWriter().Byte((int)PropertyId.UserProperty).Binary(text).Text("v").ToArray();
        byte[] value = new ByteWriter().Byte((int)PropertyId.UserProperty).Text("n").Binary(text).ToArray();
        byte[][] entries = [name, value, Property.Data(PropertyId.ContentType, text), Property.Data(PropertyId.ResponseTopic, text)];
        foreach (byte[] entry in entries)
        {
            RequireEnd(run, ServerBytes.Publish(run.Version, 0, 0, "x", entry), ReasonCode.MalformedPacket);
        }

        byte[] reason = Property.Data(PropertyId.ReasonString, text);
        RequireEnd(run, PacketBytes.Frame(0x40, new ByteWriter().TwoByte(1).Byte(0).Block(reason).ToArray()), ReasonCode.MalformedPacket);
        RequireEnd(run, PacketBytes.DisconnectWith(ReasonCode.ServerBusy, reason), ReasonCode.MalformedPacket);
    });

    private static void Flags(ClientRun run)
    {
        (PacketType Type, int Right, byte[] Body)[] packets =
        [
            (PacketType.PubAck, 0, [0, 1]), (PacketType.PubRec, 0, [0, 1]), (PacketType.PubRel, 2, [0, 1]), (PacketType.PubComp, 0, [0, 1]),
            (PacketType.SubAck, 0, run.IsV5 ? [0, 1, 0, 0] : [0, 1, 0]), (PacketType.UnsubAck, 0, run.IsV5 ? [0, 1, 0, 0] : [0, 1]),
            (PacketType.PingResp, 0, []),
        ];
        Each(packets, packet => $"{packet.Type}", packet =>
        {
            foreach (int flags in new[] { 0, 1, 2, 4, 8, 15 }.Where(flags => flags != packet.Right))
            {
                RequireEnd(run, PacketBytes.Frame(((int)packet.Type << 4) | flags, packet.Body), ReasonCode.MalformedPacket);
            }
        });
        run.NewScript();
        byte[] connAck = ServerBytes.ConnAck(run.Version);
        connAck[0] |= 1;
        run.Script.ConnAcks.Enqueue(connAck);
        Task connecting = run.NewClient().ConnectAsync().AsTask();
        run.WaitFor(() => run.Connections > 0 && run.Server.IsClosed && connecting.IsFaulted, "the end of a connection with a bad CONNACK");
    }

    private static void Qos3(ClientRun run) => Each([0x36, 0x37, 0x3E, 0x3F], first => $"{first:X2}", first =>
    {
        byte[] publish = ServerBytes.Publish(run.Version, 1, 1);
        publish[0] = (byte)first;
        RequireEnd(run, publish, ReasonCode.MalformedPacket);
    });

    private static void ReservedTypes(ClientRun run)
    {
        RequireEnd(run, [0x00, 0x00], ReasonCode.MalformedPacket);
        RequireEnd(run, [0x0F, 0x00], ReasonCode.MalformedPacket);
        if (!run.IsV5)
        {
            RequireEnd(run, [0xF0, 0x00], ReasonCode.MalformedPacket);
        }
    }

    private static void LengthWithoutEnd(ClientRun run)
    {
        RequireEnd(run, [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], ReasonCode.MalformedPacket);
        RequireEnd(run, [0xD0, 0x80, 0x80, 0x80, 0x80, 0x00], ReasonCode.MalformedPacket);
    }

    private static void LongNumbers(ClientRun run)
    {
        RequireEnd(run, [0xD0, 0x80, 0x00], ReasonCode.MalformedPacket);
        RequireEnd(run, [0x40, 0x82, 0x00, 0x00, 0x01], ReasonCode.MalformedPacket);
        RequireEnd(run, PacketBytes.Frame(0x30, [0, 1, (byte)'t', 0x80, 0x00]), ReasonCode.MalformedPacket);
        byte[] identifier = [(byte)PropertyId.SubscriptionIdentifier, 0x81, 0x00];
        RequireEnd(run, ServerBytes.Publish(run.Version, 0, 0, "x", identifier), ReasonCode.MalformedPacket);
    }

    private static void PingBody(ClientRun run) => RequireEnd(run, [0xD0, 1, 0], ReasonCode.MalformedPacket);

    private static void WrongLength(ClientRun run)
    {
        (string Name, byte[] Bytes)[] packets =
        [
            ("PUBACK", PacketBytes.Acknowledge(PacketType.PubAck, 1)),
            ("PUBREL", PacketBytes.Acknowledge(PacketType.PubRel, 1)),
            ("UNSUBACK", ServerBytes.UnsubAck(run.Version, 1)),
            ("SUBACK", PacketBytes.Frame(0x90, [0, 1])),
            ("PUBLISH", PacketBytes.Frame(0x32, [0, 1, (byte)'t', 0, 1])),
        ];
        Each(packets, packet => packet.Name, packet =>
        {
            byte[] body = packet.Bytes[2..];
            for (int length = 0; length < body.Length; length++)
            {
                RequireEnd(run, PacketBytes.Frame(packet.Bytes[0], body.AsSpan(0, length)), ReasonCode.MalformedPacket);
            }
        });
        byte[][] padded = run.IsV5
            ? [PacketBytes.Frame(0x40, [0, 1, 0, 0, 0]), PacketBytes.Frame(0xE0, [0x8B, 0, 0]), PacketBytes.Frame(0x62, [0, 1, 0, 0, 7])]
            : [PacketBytes.Frame(0x40, [0, 1, 0]), PacketBytes.Frame(0x62, [0, 1, 0]), PacketBytes.Frame(0xB0, [0, 1, 0])];
        Each(padded, Convert.ToHexString, bytes => RequireEnd(run, bytes, ReasonCode.MalformedPacket));
    }

    private static void WrongProperties(ClientRun run)
    {
        IEnumerable<PropertyId> wrong = WirePropertyTable.All.Where(id => !WirePropertyTable.IsAllowed(id, PacketType.Publish));
        Each([.. wrong, (PropertyId)0, (PropertyId)4, (PropertyId)0x7E], id => $"PUBLISH {(int)id:X2}", id =>
        {
            byte[] entry = WirePropertyTable.IsKnown(id) ? Property.Sample(id) : [(byte)id, 0];
            RequireEnd(run, ServerBytes.Publish(run.Version, 0, 0, "x", entry), ReasonCode.MalformedPacket, ReasonCode.ProtocolError);
        });
        Each(WirePropertyTable.All.Where(id => !WirePropertyTable.IsAllowed(id, PacketType.ConnAck)), id => $"CONNACK {id}", id =>
        {
            run.NewScript();
            run.Script.ConnAcks.Enqueue(ServerBytes.ConnAck(run.Version, false, 0, Property.Sample(id)));
            Task connecting = run.NewClient().ConnectAsync().AsTask();
            run.WaitFor(() => run.Connections > 0 && run.Server.IsClosed && connecting.IsFaulted, "the end of a connection with a bad CONNACK");
        });
    }

    private static void PropertyLength(ClientRun run)
    {
        RequireEnd(run, PacketBytes.Frame(0x30, [0, 1, (byte)'t', 5, 1, 0]), ReasonCode.MalformedPacket);
        RequireEnd(run, PacketBytes.Frame(0x40, [0, 1, 0, 9]), ReasonCode.MalformedPacket);
        RequireEnd(run, PacketBytes.Frame(0x30, [0, 1, (byte)'t', 1, 1]), ReasonCode.MalformedPacket);
    }

    private static void Pieces(ClientRun run)
    {
        (Starling.Client.MqttClient _, Starling.Client.MqttSubscription subscription) = run.Subscribe(Starling.Client.AckMode.OnDelivery);
        byte[] packets = [.. ServerBytes.Publish(run.Version, 1, 1, "a"), .. ServerBytes.Publish(run.Version, 0, 0, "b"), .. ServerBytes.Publish(run.Version, 1, 2, "c")];
        foreach (int pieceBytes in new[] { 1, 2, 5, packets.Length })
        {
            foreach (byte[] piece in packets.Chunk(pieceBytes))
            {
                run.Send(piece);
            }

            string came = "";
            for (int i = 0; i < 3; i++)
            {
                came += System.Text.Encoding.UTF8.GetString(run.Await(subscription.ReadAsync().AsTask()).Message.Payload.Span);
            }

            RequireEqual("abc", came, $"what came in pieces of {pieceBytes} bytes");
        }
    }

    private static void RequireEnd(ClientRun run, byte[] bytes, params ReasonCode[] reasons)
    {
        run.NewScript();
        run.Connect();
        ServerFaultCases.RequireEndOf(run, bytes, reasons);
    }
}
