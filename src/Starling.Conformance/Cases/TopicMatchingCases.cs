using System.Text;
using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>Which topics a filter matches (chapters 3.3.2.1 and 4.7).</summary>
internal static class TopicMatchingCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("Every filter gets the messages of the topics that it matches, and no others", ["MQTT-3.3.2-3", "MQTT311-3.3.2-3"], MatrixAsync)
        {
            Needs = Needs.Wildcards | Needs.Qos1,
        },
        new(
            "Every filter gets the retained messages of the topics that it matches, and no others",
            ["MQTT-3.3.2-3", "MQTT311-3.3.2-3"],
            RetainedMatrixAsync)
        {
            Needs = Needs.Wildcards | Needs.Qos1 | Needs.Retain,
        },
        new("A filter that begins with + matches topics of any first level", ["MQTT-3.3.2-3", "MQTT311-3.3.2-3"], FirstLevelAsync)
        {
            Needs = Needs.Wildcards | Needs.Qos1,
        },
        new(
            "A filter that begins with a wildcard gets no message of a topic that begins with $",
            ["MQTT-4.7.2-1", "MQTT311-4.7.2-1"],
            DollarAsync)
        {
            Needs = Needs.Wildcards | Needs.Qos1,
        },
        new(
            "A shared filter that begins with a wildcard gets no message of a topic that begins with $",
            ["MQTT-4.7.2-1"],
            SharedDollarAsync)
        {
            Needs = Needs.Wildcards | Needs.Qos1 | Needs.Shared,
        },
        new(
            "A filter that begins with a wildcard gets no retained message of a topic that begins with $",
            ["MQTT-4.7.2-1", "MQTT311-4.7.2-1"],
            DollarRetainedAsync)
        {
            Needs = Needs.Wildcards | Needs.Qos1 | Needs.Retain,
        },
        new("Topics that look alike and differ in their bytes are different topics", ["MQTT-4.7.3-4", "MQTT311-4.7.3-4"], LookAlikesAsync)
        {
            Needs = Needs.Qos1,
        },
        new(
            "Filters with wildcards keep levels apart that look alike and differ in their bytes",
            ["MQTT-4.7.3-4", "MQTT311-4.7.3-4"],
            WildcardLookAlikesAsync)
        {
            Needs = Needs.Qos1 | Needs.Wildcards,
        },
    ];

    /// <summary>Everything that is published in the matrices: what stands behind a topic of our own.</summary>
    private static readonly string[] Tails =
    [
        "", "/", "/a", "/a/", "/a/b", "/a/b/", "/a/b/c", "/a//b", "//", "//a", "//b", "/b", "/A", "/ab", "/a b", "/$s", "/é", "x",
    ];

    /// <summary>Filters behind the same topic, each with all that it matches.</summary>
    private static readonly (string Filter, string[] Matches)[] Matrix =
    [
        ("", [""]),
        ("/", ["/"]),
        ("/a", ["/a"]),
        ("/a/", ["/a/"]),
        ("/a/b", ["/a/b"]),
        ("/$s", ["/$s"]),
        ("/é", ["/é"]),
        ("/#", [.. Tails.Where(tail => tail != "x")]),
        ("/a/#", ["/a", "/a/", "/a/b", "/a/b/", "/a/b/c", "/a//b"]),
        ("/a/b/#", ["/a/b", "/a/b/", "/a/b/c"]),
        ("//#", ["/", "//", "//a", "//b"]),
        ("/+", ["/", "/a", "/b", "/A", "/ab", "/a b", "/$s", "/é"]),
        ("/+/", ["/a/", "//"]),
        ("/+/b", ["/a/b", "//b"]),
        ("//+", ["//", "//a", "//b"]),
        ("/a/+", ["/a/", "/a/b"]),
        ("/a/+/b", ["/a//b"]),
        ("/+/+", ["/a/", "/a/b", "//", "//a", "//b"]),
        ("/+/+/+", ["/a/b/", "/a/b/c", "/a//b"]),
        ("/+/+/+/+", []),
        ("/+/#", [.. Tails.Where(tail => tail is not ("" or "x"))]),
        ("/a/+/#", ["/a/", "/a/b", "/a/b/", "/a/b/c", "/a//b"]),
        ("/+/b/#", ["/a/b", "/a/b/", "/a/b/c", "//b"]),
        ("/a b/#", ["/a b"]),
    ];

    private static async Task MatrixAsync(CaseRun run)
    {
        string root = run.NewTopic();
        string lastTopic = run.NewTopic();
        List<WireClient> subscribers = [];
        foreach ((string filter, _) in Matrix)
        {
            WireClient subscriber = await run.SubscriberAsync(root + filter, 1);
            await subscriber.SubscribeAsync((lastTopic, 1));
            subscribers.Add(subscriber);
        }

        WireClient publisher = await run.ConnectAsync();
        foreach (string tail in Tails)
        {
            await publisher.PublishAsync(root + tail, $"t{tail}", 1);
        }

        await run.PublishLastAsync(publisher, lastTopic);
        await RequireMatrixAsync(run, index => subscribers[index].ReadCollectedAsync(Matrix[index].Matches.Length));
    }

    private static async Task RetainedMatrixAsync(CaseRun run)
    {
        string root = run.NewTopic();
        WireClient publisher = await run.ConnectAsync();
        foreach (string tail in Tails)
        {
            await publisher.PublishAsync(root + tail, $"t{tail}", 1, retain: true);
        }

        await RequireMatrixAsync(run, async index =>
        {
            string lastTopic = run.NewTopic();
            WireClient subscriber = await run.SubscriberAsync(root + Matrix[index].Filter, 1);
            await subscriber.SubscribeAsync((lastTopic, 1));
            return await run.CollectAsync(subscriber, subscriber, lastTopic, Matrix[index].Matches.Length);
        });
        foreach (string tail in Tails)
        {
            await publisher.PublishAsync(root + tail, "", 1, retain: true);
        }
    }

    private static Task RequireMatrixAsync(CaseRun run, Func<int, Task<IReadOnlyList<WirePacket>>> collect) =>
        run.EachAsync(Enumerable.Range(0, Matrix.Length), index => $"'t{Matrix[index].Filter}'", async index =>
        {
            IReadOnlyList<WirePacket> came = await collect(index);
            run.RequireEqual(
                Quote(Matrix[index].Matches.Select(tail => $"t{tail}")), Quote(came.Select(message => message.Text)), "what came");
        });

    private static string Quote(IEnumerable<string> texts) =>
        string.Join(", ", texts.Order(StringComparer.Ordinal).Select(text => $"'{text}'"));

    private static Task FirstLevelAsync(CaseRun run)
    {
        string name = run.NewTopic().Replace('/', '-');
        string[] filters = [$"+/{name}", $"+/{name}/#", $"+/{name}/+"];
        return run.EachAsync(filters, filter => $"'{filter}'", async filter =>
        {
            WireClient subscriber = await run.SubscriberAsync(filter, 1);
            string tail = filter.EndsWith('+') ? "/x" : "";
            foreach (string topic in new[] { $"conform/{name}{tail}", $"/{name}{tail}", $"other/{name}{tail}" })
            {
                string text = run.NewClientIdentifier();
                await subscriber.PublishAsync(topic, text, 1);
                await subscriber.TakeAsync(packet => packet.Topic == topic && packet.Text == text, $"the message on '{topic}'");
            }
        });
    }

    private static async Task DollarAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        string name = topic[topic.IndexOf('/', StringComparison.Ordinal)..];
        WireClient publisher = await run.ConnectAsync();
        await run.EachAsync(
            ["#", "+/#", $"+{name}", $"+{name}/#"], filter => $"'{filter}'", filter => TryDollarAsync(run, topic, filter, filter));
        WireClient exact = await run.ConnectAsync();
        if ((await exact.TrySubscribeAsync(($"${topic}/#", 1))) is [<= 2])
        {
            await PublishDollarAsync(run, publisher, $"${topic}", "to $");
            IReadOnlyList<WirePacket> came = await exact.DrainAsync();
            run.Note("passes on messages of clients to topics that begin with $", came.Count > 0 ? "yes" : "no");
        }
    }

    /// <summary>Each group has one member, who gets everything.</summary>
    private static Task SharedDollarAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        string name = topic[topic.IndexOf('/', StringComparison.Ordinal)..];
        return run.EachAsync(["#", "+/#", $"+{name}"], filter => $"'{filter}'", filter =>
            TryDollarAsync(run, topic, $"$share/{run.NewClientIdentifier()}/{filter}", $"$share/g/{filter}"));
    }

    private static async Task TryDollarAsync(CaseRun run, string topic, string filter, string shown)
    {
        WireClient subscriber = await run.ConnectAsync();
        if ((await subscriber.TrySubscribeAsync((filter, 1))) is [>= 0x80])
        {
            run.Note($"lets clients subscribe to {shown}", "no");
            return;
        }

        await PublishDollarAsync(run, subscriber, $"${topic}", "to $");
        await RequireNoDollarAsync(run, subscriber, topic);
    }

    private static async Task DollarRetainedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        string name = topic[topic.IndexOf('/', StringComparison.Ordinal)..];
        WireClient publisher = await run.ConnectAsync();
        await PublishDollarAsync(run, publisher, $"${topic}", "kept at $", retain: true);
        await run.EachAsync(["#", $"+{name}", $"+{name}/#"], filter => $"'{filter}'", async filter =>
        {
            WireClient subscriber = await run.ConnectAsync();
            if ((await subscriber.TrySubscribeAsync((filter, 1))) is [<= 2])
            {
                await RequireNoDollarAsync(run, subscriber, topic);
            }
        });
        await PublishDollarAsync(run, publisher, $"${topic}", "", retain: true);
    }

    /// <summary>A server may keep such topics for itself: it may refuse the message, drop it, or end the connection.</summary>
    private static async Task PublishDollarAsync(CaseRun run, WireClient client, string topic, string text, bool retain = false)
    {
        int identifier = client.NextIdentifier();
        WireMessage message = new(topic, text) { Qos = 1, Retain = retain };
        await client.SendAsync(PacketBytes.Publish(run.Version, message, identifier));
        try
        {
            await client.TakeAsync(packet => packet.Type == PacketType.PubAck && packet.Identifier == identifier, "PUBACK");
        }
        catch (CaseFailedException) when (client.IsClosed)
        {
            run.Skip("the server ends the connection of a client that publishes to a topic that begins with $");
        }
    }

    /// <summary>Filters as wide as these get the messages of other cases too; only those of topics that begin with $ are wrong.</summary>
    private static async Task RequireNoDollarAsync(CaseRun run, WireClient subscriber, string topic)
    {
        string last = run.NewClientIdentifier();
        await subscriber.PublishAsync(topic, last, 0);
        string? wrong = null;
        while (await subscriber.ReceiveAsync() is { } message && message.Text != last)
        {
            wrong ??= message.Topic.StartsWith('$') ? message.ToString() : null;
        }

        run.Require(wrong is null, $"nothing of a topic that begins with $ should have come; {wrong} came");
    }

    private static readonly string[] LookAlikes =
    [
        "e\u0301", "\u00E9", "e", "E", "\u00C9", "\uFF45", "e/", "/e", "e ", " e", "\u00A0e", "\uFEFFe", "e\u200D", "./e", "e%20", "\\e",
        "e//",
        "\u1E9E", "\u00DF", "ss", "\u0130", "i", "I", "\u0131", "\uFB01", "fi", "\u2126", "\u03A9", "\u212B", "\u00C5", "A\u030A",
    ];

    private static Task LookAlikesAsync(CaseRun run) => LookAlikesAsync(run, "");

    private static Task WildcardLookAlikesAsync(CaseRun run) => LookAlikesAsync(run, "/+");

    private static async Task LookAlikesAsync(CaseRun run, string filterTail)
    {
        string root = run.NewTopic();
        string topicTail = filterTail.Length == 0 ? "" : "/x";
        List<WireClient> subscribers = [];
        foreach (string name in LookAlikes)
        {
            subscribers.Add(await run.SubscriberAsync($"{root}/{name}{filterTail}", 1));
        }

        WireClient publisher = await run.ConnectAsync();
        foreach (string name in LookAlikes)
        {
            await publisher.PublishAsync($"{root}/{name}{topicTail}", Hex(name), 1);
        }

        foreach (string name in LookAlikes)
        {
            await run.PublishLastAsync(publisher, $"{root}/{name}{topicTail}");
        }

        await run.EachAsync(Enumerable.Range(0, LookAlikes.Length), index => Hex(LookAlikes[index]), async index =>
        {
            IReadOnlyList<WirePacket> came = await subscribers[index].ReadCollectedAsync(1);
            run.RequireEqual(Hex(LookAlikes[index]), Collecting.Texts(came), "what came");
            run.RequireEqual($"{root}/{LookAlikes[index]}{topicTail}", came[0].Topic, "the Topic Name");
        });
    }

    private static string Hex(string name) => Convert.ToHexString(Encoding.UTF8.GetBytes(name));
}
