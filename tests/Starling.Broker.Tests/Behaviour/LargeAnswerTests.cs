using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Answers that are too large for the client, and that cannot be left out.</summary>
public sealed class LargeAnswerTests
{
    private const uint TinyBytes = 30;

    [Fact, Statement("MQTT-3.2.0-1")]
    public void A_client_whose_CONNACK_is_too_large_for_it_is_refused()
    {
        BrokerHarness broker = new();
        TestClient client = broker.Open();
        ConnectPacket packet = client.NewConnect("c");
        packet.MaximumPacketBytes = 8;
        client.Send(packet);
        client.Ping();
        Assert.Equal(ReasonCode.ImplementationSpecificError, client.Expect(PacketType.ConnAck).Reason);
        client.ExpectClosed();
    }

    [Fact, Statement("MQTT-3.2.0-1")]
    public void A_client_that_cannot_take_any_CONNACK_is_closed_without_a_word()
    {
        BrokerHarness broker = new();
        TestClient client = broker.Open();
        ConnectPacket packet = client.NewConnect("c");
        packet.MaximumPacketBytes = 1;
        client.Send(packet);
        client.Ping();
        Assert.Empty(client.ReadAll());
        client.ExpectClosed();
    }

    [Fact, Statement("MQTT-3.1.2-24")]
    public void A_SUBACK_that_is_too_large_for_the_client_ends_the_connection_instead()
    {
        BrokerHarness broker = new();
        TestClient client = broker.ConnectLimited("c", packetBytesMax: TinyBytes);
        client.SendSubscribe(1, 0, [.. Enumerable.Range(0, 100).Select(i => client.Filter($"f/{i}"))]);
        client.ExpectEnd(ReasonCode.PacketTooLarge);
    }

    [Fact, Statement("MQTT-3.1.2-24")]
    public void An_UNSUBACK_that_is_too_large_for_the_client_ends_the_connection_instead()
    {
        BrokerHarness broker = new();
        TestClient client = broker.ConnectLimited("c", packetBytesMax: TinyBytes);
        client.SendUnsubscribe(1, [.. Enumerable.Range(0, 100).Select(i => $"f/{i}")]);
        client.ExpectEnd(ReasonCode.PacketTooLarge);
    }
}
