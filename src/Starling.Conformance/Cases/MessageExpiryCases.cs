using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>Message Expiry Interval: what is too old is not sent, and what is sent says how long it has left (chapter 3.3.2.3.3).</summary>
internal static class MessageExpiryCases
{
    /// <summary>Long enough for no message of a case to expire.</summary>
    private const uint Long = 600;

    /// <summary>How long messages wait where they are to grow older.</summary>
    private const double WaitSeconds = 2;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A message that does not wait keeps its Message Expiry Interval", ["MQTT-3.3.2-6"], LiveAsync),
        new("A message without Message Expiry Interval is forwarded without one", ["MQTT-3.3.2-6"], AbsentAsync),
        Timed("A retained message expires", ["MQTT-3.3.2-5", "U5-25"], RetainedExpiresAsync, Needs.Retain),
        Timed(
            "A Message Expiry Interval of 0 is over at once, and does not mean never",
            ["MQTT-3.3.2-5"],
            ZeroExpiresAsync,
            Needs.Retain | Needs.Qos1),
        Timed("A retained will expires", ["MQTT-3.3.2-5", "U5-25"], RetainedWillExpiresAsync, Needs.Retain),
        Timed("A message that waits for its subscriber to come back expires", ["MQTT-3.3.2-5"], QueuedExpiresAsync, Needs.Qos1),
        Timed("A will that waits for its subscriber to come back expires", ["MQTT-3.3.2-5"], QueuedWillExpiresAsync, Needs.Qos1),
        Timed("A message that waits for room in the receive window expires", ["MQTT-3.3.2-5"], WindowExpiresAsync, Needs.Qos1),
        Timed("A retained message grows older", ["MQTT-3.3.2-6"], RetainedAgesAsync, Needs.Retain),
        Timed("A retained will grows older", ["MQTT-3.3.2-6"], RetainedWillAgesAsync, Needs.Retain),
        Timed("A message that waits for its subscriber to come back grows older", ["MQTT-3.3.2-6"], QueuedAgesAsync, Needs.Qos1),
        Timed("A will that waits for its subscriber to come back grows older", ["MQTT-3.3.2-6"], QueuedWillAgesAsync, Needs.Qos1),
        Timed("A message that waits for room in the receive window grows older", ["MQTT-3.3.2-6"], WindowAgesAsync, Needs.Qos1),
        Timed("The largest Message Expiry Interval is counted down like any other", ["MQTT-3.3.2-6"], LargestAgesAsync, Needs.Retain),
    ];

    private static ConformanceCase Timed(string name, string[] statements, Func<CaseRun, Task> body, Needs needs) =>
        new(name, statements, body) { Kind = CaseKind.Timed, Needs = needs };

    private static WireMessage Message(string topic, string text, uint expirySeconds, int qos = 1) =>
        new(topic, text) { Qos = qos, Properties = Property.MessageExpiryInterval(expirySeconds) };

    private static async Task LiveAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, 2);
        WireClient publisher = await run.ConnectAsync();
        foreach (uint expiry in (uint[])[Long, uint.MaxValue])
        {
            for (int qos = 0; qos <= run.Server.MaximumQos; qos++)
            {
                TimeSpan begun = run.Target.Now;
                await publisher.PublishAsync(Message(topic, "text", expiry, qos));
                RequireAged(run, begun, expiry, await subscriber.ReceiveAsync());
            }
        }
    }

    private static async Task AbsentAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, 2);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "text");
        WirePacket message = await subscriber.ReceiveAsync();
        run.Require(
            !message.Has(PropertyId.MessageExpiryInterval),
            $"no Message Expiry Interval was due; it is {message.Number(PropertyId.MessageExpiryInterval)}");
    }

    private static async Task RetainedExpiresAsync(CaseRun run)
    {
        // All at once, so that they grow old side by side.
        string root = run.NewTopic();
        WireMessage[] messages =
        [
            .. from qos in Enumerable.Range(0, run.Server.MaximumQos + 1) select Message($"{root}/{qos}", "old", 1, qos),
        ];
        await run.StoreRetainedAsync(messages);
        await PassAsync(run, 1);
        WireClient subscriber = await run.ConnectAsync();
        await subscriber.SubscribeAsync([.. messages.Select(message => (message.Topic, 2))]);
        await subscriber.ExpectQuietAsync();
    }

    private static async Task ZeroExpiresAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields absent = await AbsentSubscriberAsync(run, topic);
        await run.StoreRetainedAsync(Message(topic, "old", 0));
        await PassAsync(run, 0);
        await run.ExpectNoRetainedAsync(topic);
        WireClient subscriber = await run.ConnectAsync(absent);
        await subscriber.ExpectQuietAsync();
    }

    private static async Task RetainedWillExpiresAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(
            run, will: will => will with { Retain = true, Properties = Property.MessageExpiryInterval(1) });
        scene.Client.Abort();
        await scene.ExpectWillAsync();
        await PassAsync(run, 1);
        await run.ExpectNoRetainedAsync(scene.Topic);
    }

    private static async Task QueuedExpiresAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields absent = await AbsentSubscriberAsync(run, topic);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "first", 1);
        await publisher.PublishAsync(Message(topic, "old", 1));
        await publisher.PublishAsync(Message(topic, "second", Long));
        await publisher.PublishAsync(topic, "third", 1);
        await PassAsync(run, 1);
        WireClient subscriber = await run.ConnectAsync(absent);
        List<string> texts = await ReceiveUntilAsync(subscriber, "third");
        run.Require(texts is ["first", "second", "third"], $"all but the old one were due; there came {string.Join(", ", texts)}");
    }

    private static async Task QueuedWillExpiresAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(
            run, will: will => will with { Qos = 1, Properties = Property.MessageExpiryInterval(1) });
        ConnectFields absent = await AbsentSubscriberAsync(run, scene.Topic);
        scene.Client.Abort();
        await scene.ExpectWillAsync();
        await PassAsync(run, 1);
        WireClient subscriber = await run.ConnectAsync(absent);
        await subscriber.ExpectQuietAsync();
    }

    private static async Task WindowExpiresAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await NarrowSubscriberAsync(run, topic);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "first", 1);
        await publisher.PublishAsync(Message(topic, "old", 1));
        await publisher.PublishAsync(Message(topic, "second", Long));
        WirePacket first = await subscriber.ExpectAsync(PacketType.Publish);
        run.RequireEqual("first", first.Text, "the payload");
        await PassAsync(run, 1);
        await subscriber.AcknowledgeAsync(first);
        await publisher.PublishAsync(topic, "third", 1);
        List<string> texts = await ReceiveUntilAsync(subscriber, "third");
        run.Require(!texts.Contains("old"), $"the old one was not due any more; there came {string.Join(", ", texts)}");
    }

    private static async Task RetainedAgesAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        TimeSpan begun = run.Target.Now;
        await run.StoreRetainedAsync(Message(topic, "kept", Long, 0));
        await run.DelaySecondsAsync(WaitSeconds);
        RequireAged(run, begun, Long, await run.ExpectRetainedAsync(topic, "kept"));

        // The stored message goes on growing older from where it began.
        await run.DelaySecondsAsync(WaitSeconds);
        RequireAged(run, begun, Long, await run.ExpectRetainedAsync(topic, "kept"));
    }

    private static async Task RetainedWillAgesAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(
            run, will: will => will with { Retain = true, Properties = Property.MessageExpiryInterval(Long) });
        TimeSpan begun = run.Target.Now;
        scene.Client.Abort();
        await scene.ExpectWillAsync();
        await run.DelaySecondsAsync(WaitSeconds);
        RequireAged(run, begun, Long, await run.ExpectRetainedAsync(scene.Topic, WillScene.Payload));
    }

    private static async Task QueuedAgesAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields absent = await AbsentSubscriberAsync(run, topic);
        WireClient publisher = await run.ConnectAsync();
        TimeSpan begun = run.Target.Now;
        await publisher.PublishAsync(Message(topic, "waiting", Long));
        await run.DelaySecondsAsync(WaitSeconds);
        WireClient subscriber = await run.ConnectAsync(absent);
        RequireAged(run, begun, Long, await subscriber.ReceiveAsync());
    }

    private static async Task QueuedWillAgesAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(
            run, will: will => will with { Qos = 1, Properties = Property.MessageExpiryInterval(Long) });
        ConnectFields absent = await AbsentSubscriberAsync(run, scene.Topic);
        TimeSpan begun = run.Target.Now;
        scene.Client.Abort();
        await scene.ExpectWillAsync();
        await run.DelaySecondsAsync(WaitSeconds);
        WireClient subscriber = await run.ConnectAsync(absent);
        RequireAged(run, begun, Long, await subscriber.ReceiveAsync());
    }

    private static async Task WindowAgesAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await NarrowSubscriberAsync(run, topic);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "first", 1);
        TimeSpan begun = run.Target.Now;
        await publisher.PublishAsync(Message(topic, "waiting", Long));
        WirePacket first = await subscriber.ExpectAsync(PacketType.Publish);
        run.RequireEqual("first", first.Text, "the payload");
        await run.DelaySecondsAsync(WaitSeconds);
        await subscriber.AcknowledgeAsync(first);
        RequireAged(run, begun, Long, await subscriber.ReceiveAsync());
    }

    private static async Task LargestAgesAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        TimeSpan begun = run.Target.Now;
        await run.StoreRetainedAsync(Message(topic, "kept", uint.MaxValue, 0));
        await run.DelaySecondsAsync(WaitSeconds);
        RequireAged(run, begun, uint.MaxValue, await run.ExpectRetainedAsync(topic, "kept"));
    }

    /// <summary>A subscriber whose session waits for it without a connection.</summary>
    private static async Task<ConnectFields> AbsentSubscriberAsync(CaseRun run, string topic)
    {
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient subscriber = await run.ConnectAsync(fields);
        await subscriber.SubscribeAsync((topic, 1));
        await subscriber.DisconnectAsync();
        return fields;
    }

    /// <summary>A subscriber that takes one unacknowledged message at a time.</summary>
    private static async Task<WireClient> NarrowSubscriberAsync(CaseRun run, string topic)
    {
        WireClient subscriber = await run.ConnectAsync(run.NewConnect() with { Properties = Property.ReceiveMaximum(1) });
        await subscriber.SubscribeAsync((topic, 1));
        return subscriber;
    }

    /// <summary>Waits until what has so many seconds to live must be gone.</summary>
    private static Task PassAsync(CaseRun run, double seconds) => run.DelayAsync(TimeSpan.FromSeconds(seconds) + run.Target.Lateness);

    private static async Task<List<string>> ReceiveUntilAsync(WireClient subscriber, string last)
    {
        List<string> texts = [];
        do
        {
            texts.Add((await subscriber.ReceiveAsync()).Text);
        }
        while (texts[^1] != last);

        return texts;
    }

    /// <summary>The interval is what was published less the time since then, in whole seconds.</summary>
    private static void RequireAged(CaseRun run, TimeSpan begun, uint expirySeconds, WirePacket message)
    {
        double waited = (run.Target.Now - begun).TotalSeconds;
        double least = Math.Floor(expirySeconds - waited - run.Target.Lateness.TotalSeconds);
        double most = Math.Min(expirySeconds, Math.Ceiling(expirySeconds - waited + run.Target.Earliness.TotalSeconds));
        long? left = message.Number(PropertyId.MessageExpiryInterval);
        run.Require(
            left >= least && left <= most,
            FormattableString.Invariant(
                $"'{message.Text}' with {least} to {most} s left was due after {waited:0.#} s; it is {left?.ToString() ?? "absent"}"));
    }
}
