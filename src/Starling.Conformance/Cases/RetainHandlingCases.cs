using Starling.Conformance.Running;
using Starling.Conformance.Wire;

namespace Starling.Conformance.Cases;

/// <summary>Retain Handling: whether a subscription brings the retained messages (chapter 3.3.1).</summary>
internal static class RetainHandlingCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Of("With Retain Handling 0 each SUBSCRIBE brings the retained message", "MQTT-3.3.1-9", AlwaysAsync),
        Of("With Retain Handling 1 a new subscription brings the retained message", "MQTT-3.3.1-10", NewAsync),
        Of("With Retain Handling 1 a repeated subscription brings no retained message", "MQTT-3.3.1-10", RepeatedAsync),
        Of("With Retain Handling 1 a repeated subscription with other options is not new", "MQTT-3.3.1-10", ChangedAsync),
        Of("With Retain Handling 1 a subscription after UNSUBSCRIBE is new", "MQTT-3.3.1-10", AfterUnsubscribeAsync),
        Of("With Retain Handling 1 a subscription of a resumed session is not new", "MQTT-3.3.1-10", ResumedAsync),
        Of("With Retain Handling 1 a subscription of the session before a Clean Start does not count", "MQTT-3.3.1-10", CleanStartAsync),
        Of("With Retain Handling 1 another filter that matches the topic is new", "MQTT-3.3.1-10", OtherFilterAsync),
        Of("With Retain Handling 2 no SUBSCRIBE brings a retained message", "MQTT-3.3.1-11", NeverAsync),
        Of("Retain Handling 0 counts for its filter, whatever the filters before it have", "MQTT-3.3.1-9", AlwaysBehindNeverAsync),
        Of("Retain Handling 2 counts for its filter, whatever the filters before it have", "MQTT-3.3.1-11", NeverBehindAlwaysAsync),
    ];

    private static ConformanceCase Of(string name, string statement, Func<CaseRun, string, Task> body) => new(name, [statement], async run =>
    {
        string topic = run.NewTopic();
        await run.StoreRetainedAsync(topic, "kept");
        await body(run, topic);
    })
    {
        Needs = Needs.Retain,
    };

    private static async Task AlwaysAsync(CaseRun run, string topic)
    {
        WireClient client = await run.ConnectAsync();
        for (int i = 0; i < 3; i++)
        {
            await client.SubscribeAsync((topic, 0));
            run.RequireEqual("kept", (await client.ReceiveAsync()).Text, $"the payload after SUBSCRIBE {i + 1}");
        }

        await client.ExpectQuietAsync();
    }

    private static async Task NewAsync(CaseRun run, string topic) =>
        await run.ExpectRetainedAsync(topic, "kept", SubscriptionOption.RetainedIfNew);

    private static async Task RepeatedAsync(CaseRun run, string topic)
    {
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync((topic, SubscriptionOption.RetainedIfNew));
        await client.DrainAsync();
        await client.SubscribeAsync((topic, SubscriptionOption.RetainedIfNew));
        await client.ExpectQuietAsync();

        // A message that was stored since then changes nothing.
        await run.StoreRetainedAsync(topic, "another");
        run.RequireEqual("another", (await client.ReceiveAsync()).Text, "the payload that was published meanwhile");
        await client.SubscribeAsync((topic, SubscriptionOption.RetainedIfNew));
        await client.ExpectQuietAsync();
    }

    private static async Task ChangedAsync(CaseRun run, string topic)
    {
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync((topic, SubscriptionOption.RetainedNever));
        int[] changes = [0x01, 0x02, SubscriptionOption.NoLocal, SubscriptionOption.RetainAsPublished, 0];
        foreach (int change in changes)
        {
            await client.SubscribeAsync((topic, SubscriptionOption.RetainedIfNew | change));
            await client.ExpectQuietAsync();
        }

        if (run.Server.SubscriptionIdentifiersAvailable)
        {
            await client.SubscribeAsync(Property.SubscriptionIdentifier(9), (topic, SubscriptionOption.RetainedIfNew));
            await client.ExpectQuietAsync();
        }
    }

    private static async Task AfterUnsubscribeAsync(CaseRun run, string topic)
    {
        WireClient client = await run.SubscriberAsync(topic, SubscriptionOption.RetainedNever);
        await client.UnsubscribeAsync(topic);
        await client.SubscribeAsync((topic, SubscriptionOption.RetainedIfNew));
        run.RequireEqual("kept", (await client.ReceiveAsync()).Text, "the payload after the new SUBSCRIBE");
    }

    private static async Task ResumedAsync(CaseRun run, string topic)
    {
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient first = await run.ConnectAsync(fields);
        await first.SubscribeAsync((topic, SubscriptionOption.RetainedNever));
        await first.DisconnectAsync();

        WireClient second = await run.ConnectAsync(fields);
        await second.SubscribeAsync((topic, SubscriptionOption.RetainedIfNew));
        await second.ExpectQuietAsync();
    }

    private static async Task CleanStartAsync(CaseRun run, string topic)
    {
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient first = await run.ConnectAsync(fields);
        await first.SubscribeAsync((topic, SubscriptionOption.RetainedNever));
        await first.DisconnectAsync();

        WireClient second = await run.ConnectAsync(fields with { CleanStart = true });
        await second.SubscribeAsync((topic, SubscriptionOption.RetainedIfNew));
        run.RequireEqual("kept", (await second.ReceiveAsync()).Text, "the payload in the new session");
    }

    private static async Task OtherFilterAsync(CaseRun run, string topic)
    {
        if (!run.Server.WildcardsAvailable)
        {
            run.Skip("the server announces that it has no wildcard subscriptions");
        }

        WireClient client = await run.SubscriberAsync(topic, SubscriptionOption.RetainedNever);
        await client.SubscribeAsync((topic + "/#", SubscriptionOption.RetainedIfNew));
        run.RequireEqual("kept", (await client.ReceiveAsync()).Text, "the payload for the other filter");
    }

    private static async Task NeverAsync(CaseRun run, string topic)
    {
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync((topic, SubscriptionOption.RetainedNever));
        await client.ExpectQuietAsync();
        await client.SubscribeAsync((topic, SubscriptionOption.RetainedNever));
        await client.ExpectQuietAsync();
        await run.StoreRetainedAsync(topic, "published now");
        run.RequireEqual("published now", (await client.ReceiveAsync()).Text, "the payload of what is published after it");
    }

    private static async Task AlwaysBehindNeverAsync(CaseRun run, string topic)
    {
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync((topic + "/other", SubscriptionOption.RetainedNever), (topic, 0));
        run.RequireEqual(topic, (await client.ReceiveAsync()).Topic, "the topic of the retained message");
    }

    private static async Task NeverBehindAlwaysAsync(CaseRun run, string topic)
    {
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync((topic + "/other", 0), (topic, SubscriptionOption.RetainedNever));
        await client.ExpectQuietAsync();
    }
}
