using Starling.Conformance.Running;
using Starling.Conformance.Wire;

namespace Starling.Conformance.Cases;

/// <summary>The options byte behind each filter of SUBSCRIBE, its right and its reserved values (chapter 3.8.3).</summary>
internal static class SubscribeOptionCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("QoS 0, 1 and 2 may be subscribed with", ["U5-30", "MQTT311-3.8.3-4"], run => GrantedAsync(run, [0, 1, 2])),
        new("QoS 3 may not be subscribed with", ["U5-30"], run => RefusedAsync(run, from rest in Steps(0x2C, 4) select rest | 3)),
        new(
            "Retain Handling 0, 1 and 2 may be subscribed with",
            ["U5-31"],
            run => GrantedAsync(run, from handling in Steps(0x20, 0x10) from rest in WithoutHandling select handling | rest)),
        new(
            "Retain Handling 3 may not be subscribed with",
            ["U5-31"],
            run => RefusedAsync(run, from rest in WithoutHandling select 0x30 | rest)),
        new(
            "Bits 6 and 7 of the Subscription Options are reserved",
            ["MQTT-3.8.3-5"],
            run => RefusedAsync(run, from bits in new[] { 0x40, 0x80, 0xC0 } from rest in new[] { 0, 1, 2, 0x04, 0x08, 0x10, 0x20 } select bits | rest)),
        new(
            "QoS 3 and bits 2 to 7 of the requested QoS are reserved",
            ["MQTT311-3.8.3-4"],
            run => RefusedAsync(run, [3, .. from bit in Enumerable.Range(2, 6) from qos in Steps(2, 1) select (1 << bit) | qos, 0xFC, 0xFF])),
        new(
            "A reserved option behind the last of several filters makes the whole SUBSCRIBE malformed",
            ["MQTT-3.8.3-5", "MQTT311-3.8.3-4"],
            LastFilterAsync),
    ];

    /// <summary>Every QoS with every No Local and Retain As Published.</summary>
    private static IEnumerable<int> WithoutHandling => Steps(0x0E, 1).Where(options => (options & 3) < 3);

    /// <summary>0 and every step up to the last.</summary>
    private static IEnumerable<int> Steps(int last, int step) => Enumerable.Range(0, (last / step) + 1).Select(index => index * step);

    private static async Task GrantedAsync(CaseRun run, IEnumerable<int> options)
    {
        WireClient client = await run.ConnectAsync();
        foreach (int option in options)
        {
            byte[] codes = await client.TrySubscribeAsync((run.NewTopic(), option));
            run.Require(
                codes is [<= 2],
                $"options {option:X2}: QoS {option & 3} or less should have been granted; SUBACK has {Convert.ToHexString(codes)}");
        }
    }

    private static Task RefusedAsync(CaseRun run, IEnumerable<int> options) => run.EachAsync(options, option => $"options {option:X2}", async option =>
    {
        WireClient client = await run.ConnectAsync();
        byte[] subscribe = PacketBytes.Subscribe(run.Version, client.NextIdentifier(), [], (run.NewTopic(), option));
        await client.SendRefusedAsync(subscribe, Scene.FormatErrors);
    });

    private static async Task LastFilterAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        byte[] subscribe = PacketBytes.Subscribe(run.Version, client.NextIdentifier(), [], (run.NewTopic(), 0), (run.NewTopic(), 0x80));
        await client.SendRefusedAsync(subscribe, Scene.FormatErrors);
    }
}
