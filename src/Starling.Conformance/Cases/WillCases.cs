using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>The Will: when it is published and when not, and what it looks like then (chapter 3.1.2.5).</summary>
internal static class WillCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("The will is published when the connection breaks", ["MQTT-3.1.2-7", "MQTT-3.1.2-8", "MQTT311-3.1.2-8"], BrokenAsync),
        new(
            "The will is published when the client closes the connection without DISCONNECT",
            ["MQTT-3.1.2-8", "MQTT311-3.1.2-8"],
            ClosedAsync),
        new(
            "The will is published when the server ends the connection for a protocol error",
            ["MQTT-3.1.2-8", "MQTT311-3.1.2-8"],
            ErrorAsync),
        new(
            "The will of a session that goes on is published when the connection breaks",
            ["MQTT-3.1.2-8", "MQTT311-3.1.2-8"],
            PersistentAsync),
        new("A takeover publishes the will of a client of 3.1.1", ["MQTT311-3.1.2-8"], TakenOverAsync),
        new("The will is published with its QoS", ["MQTT-3.1.2-8", "MQTT311-3.1.2-8"], QosAsync) { Needs = Needs.Qos2 },
        new("A will without payload is published", ["MQTT-3.1.2-8", "MQTT311-3.1.2-8"], EmptyAsync),
        new("The will is published once", ["MQTT-3.1.2-10", "MQTT311-3.1.2-10"], OnceAsync),
        new("DISCONNECT drops the will", ["MQTT-3.14.4-3", "MQTT311-3.14.4-3"], DroppedAsync),
        new("DISCONNECT with Reason Code 0 drops the will, in every form of the packet", ["MQTT-3.14.4-3"], DroppedFormsAsync),
        new("A will that was published is forgotten", ["MQTT-3.1.2-10", "MQTT311-3.1.2-10"], ForgottenAsync),
        new("A will that DISCONNECT dropped stays forgotten", ["MQTT-3.1.2-10", "MQTT311-3.1.2-10"], StaysForgottenAsync),
        new("A client without a will leaves none", ["MQTT311-3.1.2-12"], NoWillAsync),
        new("Each CONNECT brings its own will", ["MQTT-3.1.2-7", "MQTT-3.1.2-8", "MQTT311-3.1.2-8"], OwnAsync),
        new("A will without Will Retain is not stored", ["MQTT-3.1.2-14", "MQTT311-3.1.2-16"], NotRetainedAsync) { Needs = Needs.Retain },
        new("A will with Will Retain is stored", ["MQTT-3.1.2-15", "MQTT311-3.1.2-17"], RetainedAsync) { Needs = Needs.Retain },
        new("A will with Will Retain and without payload takes the stored message away", ["MQTT-3.3.1-6", "MQTT311-3.3.1-10"], RemovesAsync)
        {
            Needs = Needs.Retain,
        },
        new("The will is published with its properties", ["U5-17"], PropertiesAsync),
        new("The will keeps the order of its User Properties", ["MQTT-3.1.3-10"], UserPropertiesAsync),
        new("DISCONNECT with any other Reason Code publishes the will", ["U5-19", "MQTT-3.1.2-8"], OtherCodesAsync),
    ];

    private static async Task BrokenAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run);
        scene.Client.Abort();
        await scene.ExpectWillAsync();
    }

    private static async Task ClosedAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run);
        await scene.Client.DisposeAsync();
        await scene.ExpectWillAsync();
    }

    private static async Task ErrorAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run);

        // Packet type 0 does not exist.
        await scene.Client.SendAsync(0, 0);
        await scene.ExpectWillAsync();
    }

    private static async Task PersistentAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run, run.NewConnect().Persistent());
        scene.Client.Abort();
        await scene.ExpectWillAsync();
    }

    private static async Task TakenOverAsync(CaseRun run) => await run.EachAsync([true, false], clean => $"Clean {clean}", async clean =>
    {
        WillScene scene = await WillScene.BeginAsync(run, run.NewConnect() with { CleanStart = clean });
        await run.ConnectAsync(scene.Fields with { Will = null });
        await scene.ExpectWillAsync();
    });

    private static async Task QosAsync(CaseRun run) => await run.EachAsync([0, 1, 2], qos => $"QoS {qos}", async qos =>
    {
        WillScene scene = await WillScene.BeginAsync(run, will: will => will with { Qos = qos });
        scene.Client.Abort();
        WirePacket message = await scene.ExpectWillAsync();
        run.RequireEqual(qos, message.Qos, "the QoS");
    });

    private static async Task EmptyAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run, will: will => will with { Text = "" });
        scene.Client.Abort();
        await scene.ExpectWillAsync();
    }

    private static async Task OnceAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run);
        scene.Client.Abort();
        IReadOnlyList<WirePacket> came = await scene.Watcher.GatherAsync();
        run.Require(came.Count <= 1, $"one will was due; there came {string.Join(", ", came)}");
    }

    private static async Task DroppedAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run);
        await scene.Client.DisconnectAsync();
        await scene.Watcher.ExpectQuietAsync();
    }

    private static async Task DroppedFormsAsync(CaseRun run)
    {
        byte[][] forms = [[0xE0, 1, 0], [0xE0, 2, 0, 0], PacketBytes.DisconnectWith(ReasonCode.Success, Property.User("a", "b"))];
        await run.EachAsync(forms, Convert.ToHexString, async form =>
        {
            WillScene scene = await WillScene.BeginAsync(run);
            await scene.Client.SendAsync(form);
            await scene.Watcher.ExpectQuietAsync();
        });
    }

    private static async Task ForgottenAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run, run.NewConnect().Persistent());
        scene.Client.Abort();

        // Only what comes because of the second connection counts here.
        await scene.Watcher.GatherAsync();
        WireClient second = await run.ConnectAsync(scene.Fields with { Will = null });
        await scene.Watcher.DrainAsync();
        second.Abort();
        await scene.Watcher.ExpectQuietAsync();
    }

    private static async Task StaysForgottenAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run, run.NewConnect().Persistent());
        await scene.Client.DisconnectAsync();
        WireClient second = await run.ConnectAsync(scene.Fields with { Will = null });
        await scene.Watcher.DrainAsync();
        second.Abort();
        await scene.Watcher.ExpectQuietAsync();
    }

    private static async Task NoWillAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run);
        await scene.Client.DisconnectAsync();
        await scene.Watcher.DrainAsync();
        foreach (bool clean in (bool[])[true, false])
        {
            WireClient client = await run.ConnectAsync(scene.Fields with { Will = null, CleanStart = clean });
            await client.PublishAsync(scene.Topic, "a message");

            // A connection that breaks may take with it what the server has not read.
            await client.PingAsync();
            client.Abort();
            run.RequireEqual("a message", (await scene.Watcher.ReceiveAsync()).Text, "the payload");
            await scene.Watcher.ExpectQuietAsync();
        }
    }

    private static async Task OwnAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run, run.NewConnect().Persistent());
        await scene.Client.DisconnectAsync();
        await scene.Watcher.DrainAsync();
        WireClient second = await run.ConnectAsync(scene.Fields with { Will = new WireWill(scene.Topic, "another will") });
        second.Abort();
        run.RequireEqual("another will", (await scene.Watcher.ReceiveAsync()).Text, "the payload");
    }

    private static async Task NotRetainedAsync(CaseRun run)
    {
        WillScene scene = await WillScene.BeginAsync(run);
        scene.Client.Abort();

        // The will must have come before somebody else subscribes, who would get it as a message like any other.
        IReadOnlyList<WirePacket> came = await scene.Watcher.GatherAsync();
        run.Require(
            !came.Any(message => message.Retain),
            $"RETAIN 0 was due at a subscription with Retain As Published; there came {string.Join(", ", came)}");
        await run.ExpectNoRetainedAsync(scene.Topic);
    }

    private static async Task RetainedAsync(CaseRun run)
    {
        // A server of 3.1.1 may drop a retained message of QoS 0 at any time.
        int qos = Math.Min(1, run.Server.MaximumQos);
        WillScene scene = await WillScene.BeginAsync(run, will: will => will with { Qos = qos, Retain = true });
        scene.Client.Abort();
        WirePacket message = await scene.ExpectWillAsync();
        run.RequireEqual(run.IsV5, message.Retain, "RETAIN at the established subscription");
        WirePacket stored = await run.ExpectRetainedAsync(scene.Topic, WillScene.Payload);
        run.RequireEqual(true, stored.Retain, "RETAIN at the new subscription");
    }

    private static async Task RemovesAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        await run.StoreRetainedAsync(topic, "kept");
        WireClient client = await run.ConnectAsync(run.NewConnect() with { Will = new WireWill(topic, "") { Retain = true } });
        WireClient watcher = await run.SubscriberAsync(topic);
        run.RequireEqual("kept", (await watcher.ReceiveAsync()).Text, "the payload of the retained message");
        client.Abort();
        run.RequireEqual("", (await watcher.ReceiveAsync()).Text, "the payload of the will");
        await run.ExpectNoRetainedAsync(topic);
    }

    private static async Task PropertiesAsync(CaseRun run)
    {
        byte[] rest =
        [
            .. Property.Number(PropertyId.PayloadFormatIndicator, 1), .. Property.Text(PropertyId.ContentType, "text/plain"),
            .. Property.Text(PropertyId.ResponseTopic, run.NewTopic("answer")), .. Property.Data(PropertyId.CorrelationData, [0, 255, 7]),
            .. Property.User("name", "value"),
        ];
        WillScene scene = await WillScene.BeginAsync(
            run, will: will => will with { Properties = [.. rest, .. Property.MessageExpiryInterval(60)] });
        scene.Client.Abort();
        WirePacket message = await scene.ExpectWillAsync();
        long expiry = message.Number(PropertyId.MessageExpiryInterval) ?? 0;
        run.Require(expiry is >= 55 and <= 60, $"a Message Expiry Interval of about 60 was due; it is {expiry}");
        MessageProperties.RequireEqual(run, [.. rest, .. Property.MessageExpiryInterval((uint)expiry)], message);
    }

    private static async Task UserPropertiesAsync(CaseRun run)
    {
        byte[] properties =
            [.. Property.User("b", "1"), .. Property.User("a", "2"), .. Property.User("b", "3"), .. Property.User("b", "1")];
        WillScene scene = await WillScene.BeginAsync(run, will: will => will with { Properties = properties });
        scene.Client.Abort();
        MessageProperties.RequireEqual(run, properties, await scene.ExpectWillAsync());
    }

    private static async Task OtherCodesAsync(CaseRun run)
    {
        ReasonCode[] codes =
        [
            (ReasonCode)0x04, (ReasonCode)0x80, (ReasonCode)0x81, (ReasonCode)0x82, (ReasonCode)0x83, (ReasonCode)0x90, (ReasonCode)0x93,
            (ReasonCode)0x94, (ReasonCode)0x95, (ReasonCode)0x96, (ReasonCode)0x97, (ReasonCode)0x98, (ReasonCode)0x99,
        ];
        await run.EachAsync(codes, code => $"{(int)code:X2}", async code =>
        {
            WillScene scene = await WillScene.BeginAsync(run);
            await scene.Client.SendAsync(PacketBytes.DisconnectWith(code));
            await scene.ExpectWillAsync();
        });
    }
}
