using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>Topic Aliases that the server uses (chapters 3.1.2.11.5 and 3.3.2.3.4); it need not use any.</summary>
internal static class ServerAliasCases
{
    private const int Topics = 6;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "The server uses no Topic Alias above the client's maximum, and each for its topic",
            ["MQTT-3.1.2-26", "MQTT-3.3.2-11"],
            MaximumAsync),
        new("The server uses no Topic Alias for a client that has named no maximum", ["MQTT-3.1.2-27"], AbsentAsync),
        new("The server uses no Topic Alias for a client whose maximum is 0", ["MQTT-3.1.2-27"], ZeroAsync),
        new("The server's Topic Aliases end with the connection", ["MQTT-3.3.2-7"], EndWithConnectionAsync),
    ];

    private static Task MaximumAsync(CaseRun run) => run.EachAsync([1, 2, 5, 65_535], maximum => $"maximum {maximum}", async maximum =>
    {
        ConnectFields fields = run.NewConnect() with { Properties = Property.TopicAliasMaximum(maximum) };
        IReadOnlyList<WirePacket> messages = await RequireTopicsAsync(run, fields);
        foreach (WirePacket message in messages.Where(message => message.Has(PropertyId.TopicAlias)))
        {
            long alias = message.Number(PropertyId.TopicAlias) ?? 0;
            run.Require(alias >= 1 && alias <= maximum, $"a Topic Alias from 1 to {maximum} was due; {message}");
        }

        run.Note("uses Topic Aliases of its own", messages.Any(message => message.Has(PropertyId.TopicAlias)) ? "yes" : "no");
    });

    private static Task AbsentAsync(CaseRun run) => RequireNoAliasAsync(run, run.NewConnect());

    private static Task ZeroAsync(CaseRun run) => RequireNoAliasAsync(
        run, run.NewConnect() with { Properties = Property.TopicAliasMaximum(0) });

    private static async Task EndWithConnectionAsync(CaseRun run)
    {
        ConnectFields fields = (run.NewConnect() with { Properties = Property.TopicAliasMaximum(10) }).Persistent();
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync(fields);
        await client.SubscribeAsync((topic, 0));
        await client.PublishAsync(topic, "before");
        await client.ReceiveAsync();
        await client.PublishAsync(topic, "before");
        await client.ReceiveAsync();
        await client.DisconnectAsync();
        WireClient again = await run.ConnectAsync(fields);
        await again.PublishAsync(topic, "after");
        run.RequireEqual(topic, (await again.ReceiveAsync()).Topic, "the topic of the first message on the new connection");
    }

    private static async Task RequireNoAliasAsync(CaseRun run, ConnectFields fields)
    {
        foreach (WirePacket message in await RequireTopicsAsync(run, fields))
        {
            run.Require(!message.Has(PropertyId.TopicAlias), $"a message without Topic Alias was due; {message}");
        }
    }

    private static async Task<IReadOnlyList<WirePacket>> RequireTopicsAsync(CaseRun run, ConnectFields fields)
    {
        string root = run.NewTopic();
        WireClient subscriber = await run.ConnectAsync(fields);
        await subscriber.SubscribeAsync([.. Enumerable.Range(0, Topics).Select(index => ($"{root}/{index}", run.Server.MaximumQos))]);
        WireClient publisher = await run.ConnectAsync();
        for (int i = 0; i < 3 * Topics; i++)
        {
            await publisher.PublishAsync($"{root}/{i % Topics}", $"{i % Topics}", i % (run.Server.MaximumQos + 1));
        }

        ReceivedAliases aliases = new();
        IReadOnlyList<WirePacket> messages = await subscriber.ReceiveAsync(3 * Topics);
        foreach (WirePacket message in messages)
        {
            run.RequireEqual($"{root}/{message.Text}", aliases.TopicOf(run, message), $"the topic of message {message.Text}");
        }

        return messages;
    }
}
