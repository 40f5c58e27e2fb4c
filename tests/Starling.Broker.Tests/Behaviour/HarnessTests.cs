using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

public sealed class HarnessTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_message_goes_from_every_version_to_every_version(int shards)
    {
        BrokerHarness broker = new(shards);
        MqttVersion[] versions = [MqttVersion.V31, MqttVersion.V311, MqttVersion.V5];
        TestClient[] subscribers = [.. versions.Select(version => broker.Subscriber($"to-{version}", "a/+", 1, version))];
        foreach (MqttVersion version in versions)
        {
            TestClient publisher = broker.Connect($"from-{version}", version);
            publisher.Publish("a/b", $"{version}", 1, 5);
            Assert.Equal(5, publisher.Expect(PacketType.PubAck).PacketIdentifier);
            Assert.All(subscribers, subscriber => Assert.Equal(QualityOfService.AtLeastOnce, subscriber.ExpectPublish("a/b", $"{version}").Qos));
        }
    }
}
