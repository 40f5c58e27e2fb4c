using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

public sealed class AllocationTests
{
    private const int Rounds = 100;

    [Theory]
    [InlineData("30 04 0001 61 00", MqttVersion.V5)]
    [InlineData("32 07 0001 61 0001 4142", MqttVersion.V311)]
    [InlineData("30 06 0001 FF 00 00", MqttVersion.V5)]
    [InlineData("32 0D 0001 61 0001 07 26000161000162", MqttVersion.V5)]
    public void Reading_a_PUBLISH_allocates_nothing(string hex, MqttVersion version)
    {
        byte[] bytes = Wire.Bytes(hex);

        Assert.Equal(0, AllocatedBytes(() => Verdict.Of(bytes, version)));
    }

    [Theory]
    [InlineData("40 02 0001", MqttVersion.V5), InlineData("50 02 0001", MqttVersion.V311), InlineData("62 03 0001 92", MqttVersion.V5)]
    [InlineData("70 08 0001 00 04 1F0001 61", MqttVersion.V5)]
    public void Reading_an_acknowledgement_allocates_nothing(string hex, MqttVersion version)
    {
        byte[] bytes = Wire.Bytes(hex);

        Assert.Equal(0, AllocatedBytes(() => Verdict.Of(bytes, version)));
    }

    [Theory]
    [InlineData(MqttVersion.V311), InlineData(MqttVersion.V5)]
    public void Writing_allocates_nothing(MqttVersion version)
    {
        byte[] destination = new byte[200];
        byte[] topic = "a/b"u8.ToArray();

        long allocatedBytes = AllocatedBytes(() =>
        {
            PublishPacket publish = new() { Qos = QualityOfService.AtLeastOnce, Topic = topic, Payload = topic, PacketIdentifier = 1, TopicAlias = 3 };
            AcknowledgementPacket acknowledgement = new() { Type = PacketType.PubAck, PacketIdentifier = 1, Reason = ReasonCode.NotAuthorized, ReasonString = topic };
            publish.Write(destination, version);
            acknowledgement.Write(destination, version);
        });

        Assert.Equal(0, allocatedBytes);
    }

    private static long AllocatedBytes(Action action)
    {
        action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rounds; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
