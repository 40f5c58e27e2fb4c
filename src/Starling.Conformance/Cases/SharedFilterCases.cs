using Starling.Conformance.Running;
using Starling.Conformance.Wire;

namespace Starling.Conformance.Cases;

/// <summary>What the filter of a Shared Subscription may be (chapter 4.8.2).</summary>
internal static class SharedFilterCases
{
    private static readonly string[] ShareNames =
        ["g", " ", "$", "$share", "a b", "é", "\U0001D11E", "a long name of a group, with punctuation: .,;!?", "G"];

    private static readonly string[] Tails = ["#", "+", "+/b", "a/+", "a/#"];

    private static readonly string[] Prefixes = ["share/g/", "$SHARE/g/", "$shared/g/"];

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A shared filter without a share name is refused", ["MQTT-4.8.2-1"], NoNameAsync) { Needs = Needs.Shared },
        new("A shared filter with a wildcard in its share name is refused", ["MQTT-4.8.2-2"], WildcardNameAsync) { Needs = Needs.Shared },
        new("A shared filter with nothing behind its share name is refused", ["MQTT-4.8.2-2"], NoFilterAsync) { Needs = Needs.Shared },
        new("A shared filter with misplaced wildcards is refused", ["MQTT-4.7.1-1", "MQTT-4.7.1-2"], MisplacedAsync)
        {
            Needs = Needs.Shared | Needs.Wildcards,
        },
        new(
            "A share name may have any other characters, and the filter behind it may begin with a slash",
            ["MQTT-4.8.2-1", "MQTT-4.8.2-2"],
            GoodAsync)
        {
            Needs = Needs.Shared,
        },
        new("A shared filter with wildcards matches as the filter behind the share name", ["MQTT-4.8.2-2"], WildcardsAsync)
        {
            Needs = Needs.Shared | Needs.Wildcards,
        },
        new("A filter that only looks like a shared one is an ordinary one", ["MQTT-4.8.2-1"], OrdinaryAsync) { Needs = Needs.Shared },
    ];

    private static Task NoNameAsync(CaseRun run) => RefuseEachAsync(run, "$share/", "$share//", "$share//{}", "$share///{}", "$share//#");

    private static Task WildcardNameAsync(CaseRun run) =>
        RefuseEachAsync(run, "$share/+/{}", "$share/#/{}", "$share/g+/{}", "$share/+g/{}", "$share/g#/{}", "$share/#", "$share/+");

    private static Task NoFilterAsync(CaseRun run) => RefuseEachAsync(run, "$share/g", "$share/g/", "$share/a long name");

    private static Task MisplacedAsync(CaseRun run) => RefuseEachAsync(
        run, "$share/g/{}/#/a", "$share/g/{}/a#", "$share/g/{}/a+", "$share/g/+a/{}");

    private static Task RefuseEachAsync(CaseRun run, params string[] filters) => run.EachAsync(
        filters,
        filter => $"'{filter.Replace("{}", "t", StringComparison.Ordinal)}'",
        filter => run.RequireFilterRefusedAsync(filter.Replace("{}", run.NewTopic(), StringComparison.Ordinal)));

    private static Task GoodAsync(CaseRun run)
    {
        var each = ShareNames.SelectMany(name => Enumerable.Range(0, 2), (name, slashes) => (Name: name, Lead: new string('/', slashes)));
        return run.EachAsync(each, one => $"'$share/{one.Name}/{one.Lead}t'", async one =>
        {
            string topic = one.Lead + run.NewTopic();
            WireClient member = await run.SubscriberAsync($"$share/{one.Name}/{topic}");
            await member.PublishAsync(topic, "message");
            run.RequireEqual(topic, (await member.ReceiveAsync()).Topic, "the topic of the message");
        });
    }

    private static Task WildcardsAsync(CaseRun run) => run.EachAsync(Tails, tail => $"'$share/g/t/{tail}'", async tail =>
    {
        string topic = run.NewTopic();
        WireClient member = await run.SubscriberAsync($"$share/g/{topic}/{tail}");
        string[] all = ["a", "a/b", "c/b", "c", "c/d/e"];
        string[] due = tail switch
        {
            "#" => all,
            "+" => ["a", "c"],
            "+/b" => ["a/b", "c/b"],
            "a/+" => ["a/b"],
            _ => ["a", "a/b"],
        };
        string lastTopic = run.NewTopic();
        await member.SubscribeAsync((lastTopic, 0));
        WireClient publisher = await run.ConnectAsync();
        foreach (string name in all)
        {
            await publisher.PublishAsync($"{topic}/{name}", name);
        }

        IReadOnlyList<WirePacket> came = await run.CollectAsync(member, publisher, lastTopic, due.Length);
        run.RequireEqual(
            string.Join(' ', due.Order(StringComparer.Ordinal)),
            string.Join(' ', came.Select(message => message.Text).Order(StringComparer.Ordinal)),
            "what came");
    });

    /// <summary>Were it a shared filter, it would match the topic too. A server may have other plans for topics with $.</summary>
    private static Task OrdinaryAsync(CaseRun run) => run.EachAsync(Prefixes, prefix => $"'{prefix}t'", async prefix =>
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        byte[] codes = await client.TrySubscribeAsync((prefix + topic, 0), (topic, 0));
        run.Note($"grants a filter that begins with {prefix}", codes[0] <= 2 ? "yes" : "no");
        await client.PublishAsync(topic, "message");
        IReadOnlyList<WirePacket> came = await run.CollectAsync(client, client, topic, 1);
        run.RequireEqual(1, came.Count, "the number of copies of a message to the topic without its beginning");
    });
}
