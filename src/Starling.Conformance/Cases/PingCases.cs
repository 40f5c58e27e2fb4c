using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>PINGREQ and PINGRESP (chapter 3.12).</summary>
internal static class PingCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("PINGREQ is answered with PINGRESP", ["MQTT-3.12.4-1", "MQTT311-3.12.4-1"], AnsweredAsync),
        new("Each of several PINGREQ at once is answered", ["MQTT-3.12.4-1", "MQTT311-3.12.4-1"], SeveralAsync),
        new("PINGREQ is answered while deliveries wait for their acknowledgement", ["MQTT-3.12.4-1", "MQTT311-3.12.4-1"], BetweenAsync)
        {
            Needs = Needs.Qos2,
        },
        new("A PINGREQ with a body is malformed", ["U5-04", "MQTT311-4.8.0-1"], BodyAsync),
    ];

    private static async Task AnsweredAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.PingReq);
        WirePacket answer = await client.ExpectAsync(PacketType.PingResp);
        run.RequireEqual(2, answer.SizeBytes, "the size of PINGRESP");
    }

    private static async Task SeveralAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync([.. PacketBytes.PingReq, .. PacketBytes.PingReq, .. PacketBytes.PingReq]);
        for (int i = 0; i < 3; i++)
        {
            await client.ExpectAsync(PacketType.PingResp);
        }

        await client.ExpectQuietAsync();
    }

    private static async Task BetweenAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic, 2);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "one", 1);
        await publisher.PublishAsync(topic, "two", 2);
        await client.TakeAsync(PacketType.Publish);
        WirePacket second = await client.TakeAsync(PacketType.Publish);
        await client.PingAsync();
        await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, second.Identifier));
        await client.PingAsync();
    }

    private static async Task BodyAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(0xC0, 1, 0);
        await client.ExpectEndAsync(ReasonCode.MalformedPacket, ReasonCode.ProtocolError);
    }
}
