using Starling.Conformance.Running;
using Starling.Conformance.Wire;

namespace Starling.Conformance.Cases;

/// <summary>Packets that no client may send: reserved types, and those of the server.</summary>
internal static class DirectionCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A packet of type 0 is malformed", ["U5-01", "MQTT311-4.8.0-1"], ReservedTypeAsync),
        new("A first packet of type 0 ends the connection", ["U5-01", "MQTT311-4.8.0-1"], FirstReservedTypeAsync),
        new("A packet of type 15 ends a connection of 3.1.1", ["MQTT311-4.8.0-1"], AuthenticationTypeAsync),
        new(
            "CONNACK from a client is an error",
            ["U5-03", "MQTT311-4.8.0-1"],
            run => ServerPacketAsync(run, 0x20, run.IsV5 ? [0, 0, 0] : [0, 0])),
        new(
            "SUBACK from a client is an error",
            ["U5-03", "MQTT311-4.8.0-1"],
            run => ServerPacketAsync(run, 0x90, run.IsV5 ? [0, 1, 0, 0] : [0, 1, 0])),
        new(
            "UNSUBACK from a client is an error",
            ["U5-03", "MQTT311-4.8.0-1"],
            run => ServerPacketAsync(run, 0xB0, run.IsV5 ? [0, 1, 0, 0] : [0, 1])),
        new("PINGRESP from a client is an error", ["U5-03", "MQTT311-4.8.0-1"], run => ServerPacketAsync(run, 0xD0)),
    ];

    private static Task ReservedTypeAsync(CaseRun run) =>
        run.EachAsync<byte[]>([[0x00, 0], [0x0F, 0], [0x00, 2, 0, 1]], Convert.ToHexString, async bytes =>
        {
            WireClient client = await run.ConnectAsync();
            await client.SendRefusedAsync(bytes, Scene.FormatErrors);
        });

    private static async Task FirstReservedTypeAsync(CaseRun run)
    {
        WireClient client = await run.OpenAsync();
        await client.SendRefusedAsync([0, 0], Scene.FormatErrors);
    }

    private static Task AuthenticationTypeAsync(CaseRun run) =>
        run.EachAsync<byte[]>([[0xF0, 0], [0xF0, 2, 0x18, 0]], Convert.ToHexString, async bytes =>
        {
            WireClient client = await run.ConnectAsync();
            await client.SendRefusedAsync(bytes);
        });

    /// <summary>The packet is in itself correct, so that only the direction is wrong.</summary>
    private static async Task ServerPacketAsync(CaseRun run, int firstByte, params byte[] body)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendRefusedAsync(PacketBytes.Frame(firstByte, body), Scene.FormatErrors);
    }
}
