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
        new("A PINGREQ with a body is malformed", ["U5-04"], BodyAsync),
    ];

    private static async Task AnsweredAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.PingReq);
        WirePacket answer = await client.ExpectAsync(PacketType.PingResp);
        run.RequireEqual(2, answer.SizeBytes, "the size of PINGRESP");
    }

    private static async Task BodyAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(0xC0, 1, 0);
        await client.ExpectEndAsync(ReasonCode.MalformedPacket, ReasonCode.ProtocolError);
    }
}
