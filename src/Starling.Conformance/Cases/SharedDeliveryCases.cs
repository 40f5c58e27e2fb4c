using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>Deliveries to a member of a group that drops or refuses (chapter 4.8.2).</summary>
internal static class SharedDeliveryCases
{
    private static readonly ReasonCode[] Refusals =
    [
        ReasonCode.UnspecifiedError, ReasonCode.ImplementationSpecificError, ReasonCode.NotAuthorized, ReasonCode.TopicNameInvalid,
        ReasonCode.QuotaExceeded, ReasonCode.PayloadFormatInvalid,
    ];

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "A QoS 2 delivery to a member that drops before its PUBREC is finished with that member",
            ["MQTT-4.8.2-4"],
            run => ReturnsAsync(run, false))
        {
            Needs = Needs.Shared | Needs.Qos2,
        },
        new(
            "A QoS 2 delivery to a member that drops after its PUBREC is finished with that member",
            ["MQTT-4.8.2-4"],
            run => ReturnsAsync(run, true))
        {
            Needs = Needs.Shared | Needs.Qos2,
        },
        new("A QoS 2 delivery to a member whose session ends goes to nobody else", ["MQTT-4.8.2-5"], SessionEndsAsync)
        {
            Needs = Needs.Shared | Needs.Qos2,
        },
        new("A delivery that a member refuses in PUBACK is not passed on", ["MQTT-4.8.2-6"], run => RefusedAsync(run, 1))
        {
            Needs = Needs.Shared | Needs.Qos1,
        },
        new("A delivery that a member refuses in PUBREC is not passed on", ["MQTT-4.8.2-6"], run => RefusedAsync(run, 2))
        {
            Needs = Needs.Shared | Needs.Qos2,
        },
    ];

    private static async Task ReturnsAsync(CaseRun run, bool hasReceived)
    {
        SharedPair pair = await SharedPair.MeetAsync(run, 2, 600);
        int identifier = pair.Message.Identifier;
        if (hasReceived)
        {
            await pair.Taker.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, identifier));
            await pair.Taker.TakeAsync(PacketType.PubRel);
        }

        pair.Taker.Abort();
        await pair.RequireOtherWithoutAsync(run);
        (WireClient again, WirePacket connAck) = await run.ConnectFullyAsync(pair.TakerFields with { CleanStart = false });
        run.Require(connAck.SessionPresent, "the session should have been there still");
        PacketType due = hasReceived ? PacketType.PubRel : PacketType.Publish;
        WirePacket resumed = await again.TakeAsync(
            packet => packet.Type == due && packet.Identifier == identifier, $"{due} of {identifier}");
        if (hasReceived)
        {
            await again.SendAsync(PacketBytes.Acknowledge(PacketType.PubComp, identifier));
        }
        else
        {
            run.RequireEqual(SharedPair.Text, resumed.Text, "the message that is sent again");
            await again.AcknowledgeAsync(resumed);
        }

        await again.PingAsync();
        await pair.RequireOtherWithoutAsync(run);
    }

    private static Task SessionEndsAsync(CaseRun run) => run.EachAsync([0u, 600u], seconds => $"session expiry {seconds}", async seconds =>
    {
        SharedPair pair = await SharedPair.MeetAsync(run, 2, seconds);
        pair.Taker.Abort();

        // The session has ended when the client is there again with a new one, at the latest.
        WireClient again = await run.ConnectAsync(pair.TakerFields);
        await again.PingAsync();
        await pair.RequireOtherWithoutAsync(run);
    });

    private static Task RefusedAsync(CaseRun run, int qos) => run.EachAsync(Refusals, reason => $"{(int)reason:X2}", async reason =>
    {
        SharedPair pair = await SharedPair.MeetAsync(run, qos, 600);
        PacketType answer = qos == 1 ? PacketType.PubAck : PacketType.PubRec;
        await pair.Taker.SendAsync(PacketBytes.Acknowledge(answer, pair.Message.Identifier, reason));
        await pair.Taker.PingAsync();
        await pair.RequireOtherWithoutAsync(run);
    });
}
