using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Wire;

namespace Starling.EndToEnd.Tests.Limits;

/// <summary>RetainedMessagesMax and RetainedBytesMax: a retained message too many is refused in 5.0, dropped and counted in 3.x.</summary>
public sealed class RetainedQuotaTests
{
    private const int QuotaExceeded = 0x97;

    public static TheoryData<Level> Levels => [Level.V31, Level.V311, Level.V50];

    [Theory, MemberData(nameof(Levels))]
    public async Task A_retained_message_above_the_number_is_refused_and_counted(Level level)
    {
        await using BrokerProcess broker = await StartAsync("RetainedMessagesMax", "2");
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));

        Assert.True(await IsTakenAsync(client, "r/1", 10));
        Assert.True(await IsTakenAsync(client, "r/2", 10));
        Assert.Equal(level != Level.V50, await IsTakenAsync(client, "r/3", 10));
        Assert.True(await IsTakenAsync(client, "r/2", 10)); // replaces its own

        Assert.Equal(["r/1", "r/2"], await RetainedTopicsAsync(broker, level));
        Assert.Equal(1, await SysReader.WaitAsync(broker.Port, SysReader.DroppedFor("retained-quota"), atLeast: 1));
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_retained_message_above_the_bytes_is_refused_and_counted(Level level)
    {
        await using BrokerProcess broker = await StartAsync("RetainedBytesMax", "10000");
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));

        Assert.True(await IsTakenAsync(client, "r/1", 6000));
        Assert.Equal(level != Level.V50, await IsTakenAsync(client, "r/2", 6000));
        Assert.True(await IsTakenAsync(client, "r/1", 0)); // clears, and makes room
        Assert.True(await IsTakenAsync(client, "r/3", 6000));

        Assert.Equal(["r/3"], await RetainedTopicsAsync(broker, level));
        Assert.Equal(1, await SysReader.WaitAsync(broker.Port, SysReader.DroppedFor("retained-quota"), atLeast: 1));
    }

    private static Task<BrokerProcess> StartAsync(string key, string value) =>
        BrokerProcess.StartAsync(BrokerSettings.Default.WithFastSys().With("Limits:" + key, value));

    private static async Task<bool> IsTakenAsync(WireClient client, string topic, int payloadBytes)
    {
        await client.PublishAsync(new Message(topic, new byte[payloadBytes]) { Qos = 1, Retain = true }, identifier: 1);
        int reason = (await client.ExpectAsync(PacketKind.PubAck)).Reason;
        Assert.Contains(reason, new[] { 0, 0x10, QuotaExceeded });
        return reason != QuotaExceeded;
    }

    private static async Task<string[]> RetainedTopicsAsync(BrokerProcess broker, Level level)
    {
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await client.SubscribeAsync(("r/#", 0));
        await client.SendAsync(PacketBytes.PingReq);
        var topics = new List<string>();
        for (ReceivedPacket? packet = await client.ReadAsync(); packet is { Kind: PacketKind.Publish }; packet = await client.ReadAsync())
        {
            topics.Add(packet.Topic);
        }

        return [.. topics.Order(StringComparer.Ordinal)];
    }
}
