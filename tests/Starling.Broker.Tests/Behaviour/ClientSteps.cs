using System.Text;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Steps that many tests about messages take.</summary>
internal static class ClientSteps
{
    /// <summary>A connected client of 5.0 with limits of its own.</summary>
    public static TestClient ConnectLimited(
        this BrokerHarness broker,
        string clientIdentifier,
        int receiveMaximum = ushort.MaxValue,
        uint packetBytesMax = uint.MaxValue,
        int aliasMaximum = 0)
    {
        TestClient client = broker.Open();
        ConnectPacket packet = client.NewConnect(clientIdentifier);
        packet.ReceiveMaximum = (ushort)receiveMaximum;
        packet.MaximumPacketBytes = packetBytesMax;
        packet.TopicAliasMaximum = (ushort)aliasMaximum;
        client.Connect(packet);
        return client;
    }

    /// <summary>Connects anew to a session that outlives its connections; the answer says whether it was there.</summary>
    public static TestClient Resume(
        this BrokerHarness broker, string clientIdentifier, MqttVersion version = MqttVersion.V5, uint expiry = uint.MaxValue)
    {
        TestClient client = broker.Open(version);
        Assert.True(client.Connect(clientIdentifier, false, expiry).SessionPresent || version == MqttVersion.V31);
        return client;
    }

    /// <summary>A client with a persistent session and one subscription, connected.</summary>
    public static TestClient Persistent(
        this BrokerHarness broker, string clientIdentifier, string filter, int qos, MqttVersion version = MqttVersion.V5)
    {
        TestClient client = broker.Open(version);
        client.Connect(clientIdentifier, false, uint.MaxValue);
        client.Subscribe(filter, qos);
        client.ReadAll();
        return client;
    }

    /// <summary>A persistent session with one subscription whose client is away.</summary>
    public static void Absent(this BrokerHarness broker, string clientIdentifier, string filter, int qos)
    {
        broker.Persistent(clientIdentifier, filter, qos).Disconnect();
        broker.Run();
    }

    /// <summary>Takes deliveries and finishes each as its QoS asks until none comes any more; other packets are left out.</summary>
    public static List<ReceivedPacket> Drain(this TestClient client)
    {
        List<ReceivedPacket> publishes = [];
        for (List<ReceivedPacket> packets = client.ReadAll(); packets.Count > 0; packets = client.ReadAll())
        {
            foreach (ReceivedPacket packet in packets)
            {
                client.AnswerDelivery(packet);
                if (packet.Type == PacketType.Publish)
                {
                    publishes.Add(packet);
                }
            }
        }

        return publishes;
    }

    /// <summary>The texts of what <see cref="Drain"/> takes.</summary>
    public static string[] DrainTexts(this TestClient client) => [.. client.Drain().Select(packet => packet.Text)];

    /// <summary>PUBACK, PUBREC or PUBCOMP, as the packet asks; nothing for others.</summary>
    public static void AnswerDelivery(this TestClient client, ReceivedPacket packet)
    {
        if (packet.Type == PacketType.Publish && packet.Qos == QualityOfService.AtLeastOnce)
        {
            client.PubAck(packet.PacketIdentifier);
        }
        else if (packet.Type == PacketType.Publish && packet.Qos == QualityOfService.ExactlyOnce)
        {
            client.PubRec(packet.PacketIdentifier);
        }
        else if (packet.Type == PacketType.PubRel)
        {
            client.PubComp(packet.PacketIdentifier);
        }
    }

    /// <summary>The whole exchange of one retained message from the client's side.</summary>
    public static void Keep(this TestClient client, string topic, string payload, int qos)
    {
        client.Publish(topic, payload, qos, qos, true);
        client.FinishPublish(qos, qos);
    }

    /// <summary>A PUBLISH with DUP.</summary>
    public static void PublishAgain(this TestClient client, string topic, string payload, int qos, int packetIdentifier) =>
        client.Send(new PublishPacket
        {
            Topic = Encoding.UTF8.GetBytes(topic),
            Payload = Encoding.UTF8.GetBytes(payload),
            Qos = (QualityOfService)qos,
            PacketIdentifier = (ushort)packetIdentifier,
            Duplicate = true,
        });

    /// <summary>The whole exchange of one message from the client's side.</summary>
    public static void PublishWhole(this TestClient client, string topic, string payload, int qos, int packetIdentifier = 1)
    {
        client.Publish(topic, payload, qos, qos == 0 ? 0 : packetIdentifier);
        client.FinishPublish(qos, packetIdentifier);
    }

    private static void FinishPublish(this TestClient client, int qos, int packetIdentifier)
    {
        if (qos == 1)
        {
            Assert.Equal(packetIdentifier, client.Expect(PacketType.PubAck).PacketIdentifier);
        }
        else if (qos == 2)
        {
            Assert.Equal(packetIdentifier, client.Expect(PacketType.PubRec).PacketIdentifier);
            client.PubRel(packetIdentifier);
            Assert.Equal(packetIdentifier, client.Expect(PacketType.PubComp).PacketIdentifier);
        }
    }

    /// <summary>A message with a Message Expiry Interval; its Packet Identifier is its QoS, and at QoS 0 it is retained.</summary>
    public static void PublishExpiring(this TestClient client, string topic, string payload, uint seconds, int qos) =>
        client.Send(new PublishPacket
        {
            Topic = Encoding.UTF8.GetBytes(topic),
            Payload = Encoding.UTF8.GetBytes(payload),
            Qos = (QualityOfService)qos,
            PacketIdentifier = (ushort)qos,
            Retain = qos == 0,
            MessageExpiryIntervalSeconds = seconds,
        });

    /// <summary>A message with a Topic Alias; an empty topic leaves it to the alias.</summary>
    public static void PublishAlias(this TestClient client, string topic, ushort alias, string payload) =>
        client.Send(new PublishPacket { Topic = Encoding.UTF8.GetBytes(topic), TopicAlias = alias, Payload = Encoding.UTF8.GetBytes(payload) });
}
