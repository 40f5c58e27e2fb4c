using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>Will Delay Interval against Session Expiry Interval, reconnecting, takeover and Clean Start (chapters 3.1.2.5, 3.1.3.2.2 and 3.1.4).</summary>
internal static class WillDelayCases
{
    private const uint Long = 600;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A will without delay, or of a session that ends with its connection, is published at once", ["MQTT-3.1.2-8"], AtOnceAsync),
        Timed("A will is published when its delay or the session is over, whichever is first", "MQTT-3.1.2-8", WhicheverFirstAsync),
        Timed("A Session Expiry Interval in DISCONNECT decides when a delayed will is published", "MQTT-3.1.2-8", ChangedExpiryAsync),
        Timed("DISCONNECT with Reason Code 4 leaves the delay of the will in force", "MQTT-3.1.2-8", DelayAfterDisconnectAsync),
        Timed("DISCONNECT drops a will with a delay", "MQTT-3.14.4-3", DroppedAsync),
        Timed("A client that resumes its session before the delay is over suppresses the will", "MQTT-3.1.3-9", ResumedAsync),
        Timed("A will that was suppressed does not come with the next end of the connection", "MQTT-3.1.3-9", StaysSuppressedAsync),
        Timed("The will of the connection that suppressed another has its own delay", "MQTT-3.1.2-8", OwnDelayAsync),
        new("Clean Start before the delay is over ends the session and publishes the will", ["MQTT-3.1.2-8"], CleanStartAsync),
        Timed("A delayed will that was published does not come again when the session is resumed", "MQTT-3.1.2-10", NotAgainAsync),
        new("A takeover publishes a will without delay, whatever Clean Start says", ["U5-18"], TakeoverWithoutDelayAsync),
        new("A takeover with Clean Start publishes a will with a delay", ["U5-18"], TakeoverWithCleanStartAsync),
        Timed("A takeover that goes on with the session suppresses a will with a delay", "U5-18", TakeoverSuppressesAsync),
        Timed("A takeover of a session that ends with its connection publishes a delayed will at once or not", "U5-18", TakeoverOfEndingSessionAsync),
        Timed("A retained will is stored when its delay is over, and not before", "MQTT-3.1.2-8", RetainedAsync) with { Needs = Needs.Retain },
        Timed("The lifetime of a will begins when it is published", "U5-17", LifetimeAsync),
    ];

    private static ConformanceCase Timed(string name, string statement, Func<CaseRun, Task> body) => new(name, [statement], body) { Kind = CaseKind.Timed };

    private static string Name((uint? Delay, uint? Expiry) variant) =>
        $"delay {variant.Delay?.ToString() ?? "absent"}, session expiry {variant.Expiry?.ToString() ?? "absent"}";

    private static async Task AtOnceAsync(CaseRun run)
    {
        (uint? Delay, uint? Expiry)[] variants =
        [
            (null, null), (null, 0), (null, Long), (null, uint.MaxValue), (0, null), (0, 0), (0, Long), (0, uint.MaxValue),
            (Long, null), (Long, 0), (uint.MaxValue, null), (uint.MaxValue, 0),
        ];
        await run.EachAsync(variants, Name, async variant =>
        {
            WillScene scene = await WillScene.BeginAsync(run, variant.Delay, variant.Expiry);
            TimeSpan begun = run.Target.Now;
            scene.Client.Abort();
            await scene.ExpectWillAfterAsync(begun, 0);
        });
    }

    private static async Task WhicheverFirstAsync(CaseRun run)
    {
        (uint? Delay, uint? Expiry)[] variants = [(2, Long), (Long, 2), (2, uint.MaxValue), (uint.MaxValue, 2), (2, 2)];
        await run.EachAsync(variants, Name, async variant =>
        {
            WillScene scene = await WillScene.BeginAsync(run, variant.Delay, variant.Expiry);
            TimeSpan begun = run.Target.Now;
            scene.Client.Abort();
            await scene.ExpectWillAfterAsync(begun, 2);
        });
    }

    private static async Task ChangedExpiryAsync(CaseRun run)
    {
        (uint Before, uint After, uint Delay, int DueSeconds)[] variants = [(Long, 0, Long, 0), (Long, 2, Long, 2), (1, Long, 4, 4)];
        await run.EachAsync(variants, variant => $"session expiry {variant.Before}, in DISCONNECT {variant.After}, delay {variant.Delay}", async variant =>
        {
            WillScene scene = await WillScene.BeginAsync(run, variant.Delay, variant.Before);
            TimeSpan begun = run.Target.Now;
            await scene.Client.SendAsync(
                PacketBytes.DisconnectWith(ReasonCode.DisconnectWithWill, Property.SessionExpiryInterval(variant.After)));
            await scene.ExpectWillAfterAsync(begun, variant.DueSeconds);
        });
    }

    private static async Task DelayAfterDisconnectAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run, 2, Long);
        TimeSpan begun = run.Target.Now;
        await scene.Client.SendAsync(PacketBytes.DisconnectWith(ReasonCode.DisconnectWithWill));
        await scene.ExpectWillAfterAsync(begun, 2);
    }

    private static async Task DroppedAsync(CaseRun run)
    {
        (uint? Delay, uint? Expiry)[] variants = [(1, Long), (Long, 1)];
        await run.EachAsync(variants, Name, async variant =>
        {
            WillScene scene = await WillScene.BeginAsync(run, variant.Delay, variant.Expiry);
            await scene.Client.DisconnectAsync();
            await scene.ExpectNoWillAsync(1);
        });
    }

    private static async Task ResumedAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run, 2, Long);
        scene.Client.Abort();
        await run.DelaySecondsAsync(0.5);
        WireClient second = await scene.ReconnectAsync(cleanStart: false);
        await scene.ExpectNoWillAsync(2);
        await second.PingAsync();
    }

    private static async Task StaysSuppressedAsync(CaseRun run)
    {
        (string Name, Func<WireClient, Task> EndAsync)[] ends =
        [
            ("DISCONNECT", client => client.DisconnectAsync()),
            ("DISCONNECT with will", client => client.SendAsync(PacketBytes.DisconnectWith(ReasonCode.DisconnectWithWill))),
            ("a broken connection", async client =>
            {
                client.Abort();
                await Task.CompletedTask;
            }),
        ];
        await run.EachAsync(ends, end => end.Name, async end =>
        {
            WillScene scene = await WillScene.BeginAsync(run, 2, Long);
            scene.Client.Abort();
            await end.EndAsync(await scene.ReconnectAsync(cleanStart: false));
            await scene.ExpectNoWillAsync(2);
        });
    }

    private static async Task OwnDelayAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run, 1, Long);
        scene.Client.Abort();
        WireWill later = new(scene.Topic, "the second will") { Properties = Property.WillDelayInterval(3) };
        WireClient second = await run.ConnectAsync(scene.Fields with { CleanStart = false, Will = later });
        TimeSpan begun = run.Target.Now;
        second.Abort();
        WirePacket message = await scene.Watcher.ReceiveAsync();
        run.RequireEqual("the second will", message.Text, "the payload of the only will");
        run.RequireOnTime(begun, 3, "the second will");
    }

    private static async Task CleanStartAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run, Long, Long);
        scene.Client.Abort();
        await scene.Watcher.ExpectQuietAsync();
        TimeSpan begun = run.Target.Now;
        await scene.ReconnectAsync(cleanStart: true);
        await scene.ExpectWillAfterAsync(begun, 0);
    }

    private static async Task NotAgainAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run, 1, Long);
        scene.Client.Abort();

        // Whether the will came at all is for other cases.
        await scene.Watcher.DrainAsync(TimeSpan.FromSeconds(1) + run.Target.Lateness);
        WireClient second = await scene.ReconnectAsync(cleanStart: false);
        second.Abort();
        await scene.ExpectNoWillAsync(1);
    }

    private static async Task TakeoverWithoutDelayAsync(CaseRun run)
    {
        var variants = from delay in (uint?[])[null, 0] from expiry in (uint?[])[null, Long] from clean in (bool[])[true, false] select (delay, expiry, clean);
        await run.EachAsync(variants, variant => $"{Name((variant.delay, variant.expiry))}, Clean Start {variant.clean}", async variant =>
        {
            WillScene scene = await WillScene.BeginAsync(run, variant.delay, variant.expiry);
            TimeSpan begun = run.Target.Now;
            await scene.ReconnectAsync(variant.clean);
            await scene.ExpectWillAfterAsync(begun, 0);
        });
    }

    private static async Task TakeoverWithCleanStartAsync(CaseRun run)
    {
        (uint? Delay, uint? Expiry)[] variants = [(Long, Long), (Long, null), (Long, uint.MaxValue), (uint.MaxValue, Long)];
        await run.EachAsync(variants, Name, async variant =>
        {
            WillScene scene = await WillScene.BeginAsync(run, variant.Delay, variant.Expiry);
            TimeSpan begun = run.Target.Now;
            await scene.ReconnectAsync(cleanStart: true);
            await scene.ExpectWillAfterAsync(begun, 0);
        });
    }

    private static async Task TakeoverSuppressesAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run, 1, Long);
        WireClient second = await scene.ReconnectAsync(cleanStart: false);
        await scene.ExpectNoWillAsync(1);
        await second.PingAsync();
    }

    /// <summary>
    /// The session has no time left when its connection is taken over, and Clean Start 0 goes on with it all the same: one rule lets
    /// the will be published with the end of the session, another suppresses it.
    /// </summary>
    private static async Task TakeoverOfEndingSessionAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run, 1, 0);
        await scene.ReconnectAsync(cleanStart: false);
        IReadOnlyList<WirePacket> atOnce = await scene.Watcher.DrainAsync();
        run.Require(atOnce.Count <= 1, $"one will at most was due; there came {string.Join(", ", atOnce)}");
        run.Note("publishes the delayed will of a session without expiry when Clean Start 0 takes it over", atOnce.Count == 1 ? "yes" : "no");
        await scene.ExpectNoWillAsync(1);
    }

    private static async Task RetainedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireWill will = new(topic, WillScene.Payload) { Retain = true, Properties = Property.WillDelayInterval(3) };
        WireClient client = await run.ConnectAsync(run.NewConnect().Persistent() with { Will = will });
        TimeSpan begun = run.Target.Now;
        client.Abort();
        WireClient early = await run.SubscriberAsync(topic);
        WirePacket live = await early.ReceiveAsync();
        run.RequireEqual(false, live.Retain, "RETAIN at a subscription that was there before the will was published");
        run.RequireOnTime(begun, 3, "the will");
        await run.ExpectRetainedAsync(topic, WillScene.Payload);
    }

    private static async Task LifetimeAsync(CaseRun run)
    {
        const uint DelaySeconds = 3;
        await run.EachAsync<uint>([60, 1], expiry => $"expiry {expiry}, delay {DelaySeconds}", async expiry =>
        {
            // The session ends with the delay, so that both reasons to publish are there.
            WillScene scene = await WillScene.BeginAsync(
                run,
                run.NewConnect().Persistent(DelaySeconds),
                will => will with { Properties = [.. Property.WillDelayInterval(DelaySeconds), .. Property.MessageExpiryInterval(expiry)] });
            scene.Client.Abort();
            WirePacket message = await scene.ExpectWillAsync();
            long? left = message.Number(PropertyId.MessageExpiryInterval);
            run.Require(
                left >= expiry - 1 && left <= expiry,
                $"a Message Expiry Interval of {expiry} was due; it is {left?.ToString() ?? "absent"}");
        });
    }
}
