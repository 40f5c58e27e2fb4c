using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>What a server of 3.1 can say to a client that may not do something: nothing (3.1: 3.3, 3.9).</summary>
internal static class DeniedCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("SUBACK of 3.1 has a granted QoS for every filter", ["MQTT31-5"], GrantedAsync),
        new("A filter that is refused gets no failure code in 3.1", ["MQTT31-5"], RefusedFilterAsync),
        new("A message that may not be published is acknowledged in 3.1, or the connection is closed", ["MQTT31-7"], DeniedPublishAsync),
    ];

    private static async Task GrantedAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        byte[] codes = await client.TrySubscribeAsync((run.NewTopic(), 0), (run.NewTopic(), 1), (run.NewTopic(), 2));
        run.Require(
            codes.Length == 3 && codes.All(code => code <= 2),
            $"three granted QoS were due; SUBACK has {Convert.ToHexString(codes)}");
    }

    private static async Task RefusedFilterAsync(CaseRun run)
    {
        string[] filters = [Preparation.DeniedPrefix + run.NewTopic(), run.NewTopic("#/t"), run.NewTopic("a+")];
        await run.EachAsync(filters, filter => filter, async filter =>
        {
            WireClient client = await run.ConnectAsync();
            await client.SendAsync(PacketBytes.Subscribe(run.Version, 1, [], (filter, 0)));
            WirePacket? answer = await client.ReadAsync();
            run.Note("says to a filter that it refuses", answer?.ToString() ?? "nothing, and closes");
            run.Require(answer is null or { Type: PacketType.SubAck, Codes: [<= 2] }, $"{answer} came");
        });
    }

    private static async Task DeniedPublishAsync(CaseRun run)
    {
        string topic = Preparation.DeniedPrefix + run.NewTopic();
        await SkipIfAllowedAsync(run, topic);
        await run.EachAsync([1, 2], qos => $"QoS {qos}", async qos =>
        {
            WireClient client = await run.ConnectAsync();
            await client.SendAsync(PacketBytes.Publish(run.Version, new WireMessage(topic, "x") { Qos = qos }, 1));
            WirePacket? answer = await client.ReadAsync();
            PacketType due = qos == 1 ? PacketType.PubAck : PacketType.PubRec;
            run.Note("says to a message that may not be published", answer?.ToString() ?? "nothing, and closes");
            run.Require(answer is null || (answer.Type == due && answer.Identifier == 1), $"{due} was due, or a close; {answer} came");
        });
    }

    private static async Task SkipIfAllowedAsync(CaseRun run, string topic)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(
            [.. PacketBytes.Subscribe(run.Version, 1, [], (topic, 0)), .. PacketBytes.Publish(run.Version, new WireMessage(topic, "x"))]);
        if ((await client.DrainAsync()).Any(packet => packet.Type == PacketType.Publish))
        {
            run.Skip(Preparation.NothingDenied);
        }
    }
}
