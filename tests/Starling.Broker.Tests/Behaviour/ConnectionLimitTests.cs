using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

public sealed class ConnectionLimitTests
{
    [Fact]
    public void At_the_limit_a_client_may_replace_its_own_connection()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { ConnectionsMax = 1 });
        TestClient first = broker.Connect("client");

        ReceivedPacket answer = broker.Open().Connect("client");

        Assert.Equal(ReasonCode.Success, answer.Reason);
        first.ExpectEnd(ReasonCode.SessionTakenOver);
    }

    [Fact]
    public void At_the_limit_another_client_is_refused_and_disturbs_nobody()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { ConnectionsMax = 1 });
        TestClient first = broker.Connect("client");

        TestClient other = broker.Open();
        other.Send(other.NewConnect("other"));

        Assert.Equal(ReasonCode.QuotaExceeded, other.Expect(PacketType.ConnAck).Reason);
        first.Ping();
        first.Expect(PacketType.PingResp);
    }

    [Fact]
    public void The_place_of_a_connection_that_ended_is_free()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { ConnectionsMax = 1 });
        broker.Connect("client").Disconnect();

        Assert.Equal(ReasonCode.Success, broker.Open().Connect("other").Reason);
    }
}
