using Starling.Conformance.Running;
using Starling.Conformance.Tests.Targets;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Suite;

/// <summary>What a run leaves on a server: nothing.</summary>
public sealed class CleaningTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(4)]
    public async Task No_session_and_no_retained_message_stays_behind(int level)
    {
        const int MoreThanNames = 4000;
        MqttVersion version = (MqttVersion)level;
        InMemoryTarget target = new();
        SuiteOptions options = new() { Versions = [version], IsWantedCase = one => one.Kind != CaseKind.Bulk };
        await new SuiteRunner(target, options).RunAsync(TestContext.Current.CancellationToken);

        SuiteContext after = new(target, new SuiteOptions { RunName = "after" }, version, new ServerProfile());
        await using CaseRun run = new(after, TestContext.Current.CancellationToken);
        WireClient subscriber = await run.SubscriberAsync("#");
        Assert.Empty((await subscriber.DrainAsync()).Select(packet => packet.ToString()));
        for (int i = 1; i < MoreThanNames; i++)
        {
            ConnectFields fields = new(version, $"crunv{level}n{i:D5}") { CleanStart = false };
            (WireClient client, WirePacket connAck) = await run.ConnectFullyAsync(fields);
            Assert.False(connAck.SessionPresent, $"There is still a session of {fields.ClientIdentifier}.");
            await client.SendAsync(PacketBytes.Disconnect);
            await client.DisposeAsync();
        }
    }
}
