using Starling.Conformance.Running;
using Starling.Conformance.Targets;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>Keep Alive, and the time a client has for its CONNECT (3.1.2.10, 3.1.4, 3.2.2.3.14).</summary>
internal static class KeepAliveCases
{
    private const double Factor = 1.5;
    private const int LongestKeepAlive = 4;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A client with a Keep Alive of one second that is silent is closed after a second and a half",
            ["MQTT-3.1.2-22", "MQTT-3.2.2-22", "MQTT311-3.1.2-24"], run => SilentAsync(run, 1)) { Kind = CaseKind.Timed },
        new("A client with a Keep Alive of two seconds that is silent is closed after three",
            ["MQTT-3.1.2-22", "MQTT-3.2.2-22", "MQTT311-3.1.2-24"], run => SilentAsync(run, 2)) { Kind = CaseKind.Timed },
        new("The will of a client that is closed for its silence is published",
            ["MQTT-3.1.2-22", "MQTT311-3.1.2-24"], WillAsync) { Kind = CaseKind.Timed },
        new("A client that sends any packet in time is not silent",
            ["MQTT-3.1.2-22", "MQTT311-3.1.2-24"], KeptAsync) { Kind = CaseKind.Timed },
        new("A client that only receives is silent", ["MQTT-3.1.2-22", "MQTT311-3.1.2-24"], OnlyReceivesAsync) { Kind = CaseKind.Timed },
        new("The Keep Alive runs from the last packet",
            ["MQTT-3.1.2-22", "MQTT311-3.1.2-24"], FromLastPacketAsync) { Kind = CaseKind.Timed },
        new("A Keep Alive of 0 closes nobody", ["U5-44", "MQTT311-3.1.2-24"], OffAsync) { Kind = CaseKind.Timed },
        new("A connection without a CONNECT is closed after a while", ["U5-45"], NoConnectAsync) { Kind = CaseKind.Timed, IsAdvice = true },
    ];

    private static async Task SilentAsync(CaseRun run, int keepAlive)
    {
        (WireClient client, int seconds) = await ConnectAsync(run, run.NewConnect() with { KeepAlive = keepAlive });
        await RequireClosedAsync(run, client, run.Target.Now, Factor * seconds);
    }

    private static async Task WillAsync(CaseRun run)
    {
        string topic = run.NewTopic("will");
        WireClient watcher = await run.SubscriberAsync(topic);
        (_, int seconds) = await ConnectAsync(run, run.NewConnect() with { KeepAlive = 1, Will = new WireWill(topic, "x") });
        TimeSpan begun = run.Target.Now;
        await watcher.ReceiveAsync(run.Target.Patience + LatenessOf(run));
        RequireOnTime(run, begun, Factor * seconds, "the will");
    }

    private static async Task KeptAsync(CaseRun run)
    {
        const double Pause = 0.8;
        (string Name, byte[] Bytes)[] variants =
        [
            ("PINGREQ", PacketBytes.PingReq),
            ("PUBLISH", PacketBytes.Publish(run.Version, new WireMessage(run.NewTopic(), "x"))),
            ("SUBSCRIBE", PacketBytes.Subscribe(run.Version, 1, [], (run.NewTopic(), 0))),
            ("UNSUBSCRIBE", PacketBytes.Unsubscribe(run.Version, 1, run.NewTopic())),
        ];
        await run.EachAsync(variants, variant => variant.Name, async variant =>
        {
            TimeSpan last = run.Target.Now;
            (WireClient client, _) = await ConnectAsync(run, run.NewConnect() with { KeepAlive = 1 });
            for (int i = 0; i < 4; i++)
            {
                await run.DelaySecondsAsync(Pause);
                SkipWhenLate(run, last);
                last = run.Target.Now;
                await client.SendAsync(variant.Bytes);
            }

            SkipWhenLate(run, last);
            await client.PingAsync();
        });
    }

    // On a busy machine the tester itself may be held up, and then it is right to close its connection.
    private static void SkipWhenLate(CaseRun run, TimeSpan last)
    {
        TimeSpan silence = run.Target.Now - last;
        if (silence >= TimeSpan.FromSeconds(Factor))
        {
            run.Skip(FormattableString.Invariant($"this tester was held up, and silent for {silence.TotalSeconds:0.0} s itself"));
        }
    }

    private static async Task OnlyReceivesAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        (WireClient client, int seconds) = await ConnectAsync(run, run.NewConnect() with { KeepAlive = 1 });
        await client.SubscribeAsync((topic, 0));
        TimeSpan begun = run.Target.Now;
        WireClient publisher = await run.ConnectAsync();
        TimeSpan until = begun + TimeSpan.FromSeconds(Factor * seconds);
        while (run.Target.Now < until)
        {
            await publisher.PublishAsync(topic, "x");
            await run.DelaySecondsAsync(0.25);
        }

        await RequireClosedAsync(run, client, begun, Factor * seconds);
    }

    private static async Task FromLastPacketAsync(CaseRun run)
    {
        (WireClient client, int seconds) = await ConnectAsync(run, run.NewConnect() with { KeepAlive = 2 });
        await run.DelaySecondsAsync(seconds);
        await client.PingAsync();
        await RequireClosedAsync(run, client, run.Target.Now, Factor * seconds);
    }

    private static async Task OffAsync(CaseRun run)
    {
        (WireClient client, WirePacket connAck) = await run.ConnectFullyAsync(run.NewConnect() with { KeepAlive = 0 });
        if (connAck.Number(PropertyId.ServerKeepAlive) is > 0)
        {
            run.Skip("the server sets a Keep Alive of its own");
        }

        await run.DelaySecondsAsync(5);
        await client.PingAsync();
    }

    private static async Task NoConnectAsync(CaseRun run)
    {
        // In real time nobody wants to wait for long, so there only an early close can be seen.
        TimeSpan limit = run.Target.IsConcurrent ? TimeSpan.FromSeconds(8) : TimeSpan.FromMinutes(2);
        await using IByteStream stream = await run.Target.OpenAsync(run.Cancellation);
        TimeSpan begun = run.Target.Now;
        int count = await stream.ReceiveAsync(new byte[16], limit, run.Cancellation);
        if (count < 0 && run.Target.IsConcurrent)
        {
            run.Skip(FormattableString.Invariant($"the connection was open for {limit.TotalSeconds:0} s, and may be closed later"));
        }

        run.Require(
            count >= 0,
            FormattableString.Invariant($"the connection should have been closed; it was open after {limit.TotalSeconds:0} s"));
        run.Note("waits for CONNECT", FormattableString.Invariant($"{(run.Target.Now - begun).TotalSeconds:0} s"));
    }

    private static async Task RequireClosedAsync(CaseRun run, WireClient client, TimeSpan begun, double dueSeconds)
    {
        IReadOnlyList<WirePacket> came = await client.DrainAsync(run.Target.Patience + LatenessOf(run));
        run.Require(client.IsClosed, "the server should have closed the connection; it stayed open");
        RequireOnTime(run, begun, dueSeconds, "the close");
        WirePacket? last = came.LastOrDefault(packet => packet.Type == PacketType.Disconnect);
        run.Note("says to a client that was silent too long", last?.ToString() ?? "nothing");
        run.Require(last is null or { Reason: ReasonCode.KeepAliveTimeout }, $"{last} came; DISCONNECT 8D was due, or nothing");
    }

    /// <summary>Some servers look at their clients every few seconds only, so they may be later here than elsewhere.</summary>
    private static TimeSpan LatenessOf(CaseRun run) => run.Target.IsConcurrent ? 2 * run.Target.Lateness : run.Target.Lateness;

    private static void RequireOnTime(CaseRun run, TimeSpan begun, double dueSeconds, string what)
    {
        double took = (run.Target.Now - begun).TotalSeconds;
        run.Require(
            took >= dueSeconds - run.Target.Earliness.TotalSeconds && took <= dueSeconds + LatenessOf(run).TotalSeconds,
            FormattableString.Invariant($"{what} was due after {dueSeconds:0.##} s; it came after {took:0.##} s"));
    }

    /// <summary>Connects; the Keep Alive that counts is that of the server, when CONNACK has one.</summary>
    private static async Task<(WireClient Client, int KeepAlive)> ConnectAsync(CaseRun run, ConnectFields fields)
    {
        (WireClient client, WirePacket connAck) = await run.ConnectFullyAsync(fields);
        int keepAlive = (int)(connAck.Number(PropertyId.ServerKeepAlive) ?? fields.KeepAlive);
        if (keepAlive is 0 or > LongestKeepAlive)
        {
            run.Skip($"the server sets a Keep Alive of {keepAlive} s, which is too long to wait for");
        }

        return (client, keepAlive);
    }
}
