using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>When a session ends: the Session Expiry Interval of CONNECT and of DISCONNECT (3.1.2.11.2, 3.14.2.2.2, 4.1).</summary>
internal static class SessionExpiryCases
{
    private const uint Never = uint.MaxValue;
    private const uint Long = 600;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A session ends when its Session Expiry Interval is over", ["MQTT-4.1.0-2"], ExpiresAsync) { Kind = CaseKind.Timed },
        new("A session stays until its Session Expiry Interval is over", ["MQTT-3.1.2-23"], StaysAsync) { Kind = CaseKind.Timed },
        new("The Session Expiry Interval begins when the connection ends",
            ["MQTT-3.1.2-23", "MQTT-4.1.0-1"], BeginsAtEndAsync) { Kind = CaseKind.Timed },
        new("A client that comes back in time keeps its session from ending", ["MQTT-4.1.0-1"], BackInTimeAsync) { Kind = CaseKind.Timed },
        new("The Session Expiry Interval is that of the last CONNECT", ["MQTT-4.1.0-2"], LastConnectCountsAsync),
        new("Without a Session Expiry Interval a session ends with its connection", ["U5-09", "MQTT-4.1.0-2"], AbsentAsync),
        new("A Session Expiry Interval of 0 ends a session with its connection", ["MQTT-4.1.0-2"], ZeroAsync),
        new("A session that shall never expire is kept, or CONNACK says for how long", ["U5-14"], NeverAsync) { Kind = CaseKind.Timed },
        new("DISCONNECT may not give an expiry to a session that had none", ["U5-15"], RaisedFromZeroAsync),
        new("DISCONNECT with a forbidden expiry does not drop the will", ["U5-15"], WillAfterRaisedAsync),
        new("DISCONNECT may end a session by Session Expiry Interval 0", ["U5-16"], LoweredToZeroAsync),
        new("DISCONNECT may shorten the Session Expiry Interval", ["U5-16"], ShortenedAsync) { Kind = CaseKind.Timed },
        new("DISCONNECT may lengthen the Session Expiry Interval", ["U5-16"], LengthenedAsync) { Kind = CaseKind.Timed },
        new("DISCONNECT without a Session Expiry Interval leaves that of CONNECT", ["U5-16"], UnchangedAsync),
        new("Without a Maximum Packet Size large messages are delivered", ["U5-09"], LargeMessageAsync),
    ];

    private static async Task ExpiresAsync(CaseRun run)
    {
        ConnectFields fields = await LeaveAsync(run, 1);
        await run.DelayAsync(TimeSpan.FromSeconds(1) + run.Target.Lateness);
        await RequirePresentAsync(run, fields, false);
    }

    private static async Task StaysAsync(CaseRun run)
    {
        ConnectFields fields = await LeaveAsync(run, 4);
        await run.DelaySecondsAsync(2);
        await RequirePresentAsync(run, fields, true);
    }

    private static async Task BeginsAtEndAsync(CaseRun run)
    {
        ConnectFields fields = run.NewConnect().Persistent(2);
        WireClient client = await run.ConnectAsync(fields);
        await run.DelaySecondsAsync(3.5);
        client.Abort();
        await RequirePresentAsync(run, fields, true);
    }

    private static async Task BackInTimeAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent(2);
        WireClient first = await run.ConnectAsync(fields);
        await first.SubscribeAsync((topic, 0));
        await first.DisconnectAsync();
        await run.DelaySecondsAsync(0.5);
        WireClient again = await run.ConnectAsync(fields);
        await run.DelayAsync(TimeSpan.FromSeconds(2) + run.Target.Lateness);
        await (await run.ConnectAsync()).PublishAsync(topic, "x");
        await again.ReceiveAsync();
    }

    private static async Task LastConnectCountsAsync(CaseRun run)
    {
        ConnectFields fields = await LeaveAsync(run, Long);
        await (await run.ConnectAsync(fields with { Properties = Property.SessionExpiryInterval(0) })).DisconnectAsync();
        await RequirePresentAsync(run, fields, false);
    }

    private static async Task AbsentAsync(CaseRun run)
    {
        ConnectFields fields = run.NewConnect() with { CleanStart = false };
        await (await run.ConnectAsync(fields)).DisconnectAsync();
        await RequirePresentAsync(run, fields, false);
    }

    private static async Task ZeroAsync(CaseRun run) => await RequirePresentAsync(run, await LeaveAsync(run, 0), false);

    private static async Task NeverAsync(CaseRun run)
    {
        ConnectFields fields = run.NewConnect().Persistent(Never);
        (WireClient client, WirePacket connAck) = await run.ConnectFullyAsync(fields);
        long? granted = connAck.Number(PropertyId.SessionExpiryInterval);
        run.Note("keeps a session that shall never expire for", granted is null ? "ever" : $"{granted} s");
        await client.DisconnectAsync();
        if (granted is null or > 4)
        {
            await run.DelaySecondsAsync(2);
            await RequirePresentAsync(run, fields, true);
        }
    }

    private static async Task RaisedFromZeroAsync(CaseRun run)
    {
        ConnectFields[] variants = [run.NewConnect() with { CleanStart = false }, run.NewConnect().Persistent(0)];
        foreach (ConnectFields fields in variants)
        {
            WireClient client = await run.ConnectAsync(fields);
            await client.SendAsync(PacketBytes.DisconnectWith(ReasonCode.Success, Property.SessionExpiryInterval(Long)));
            await client.ExpectEndAsync(ReasonCode.ProtocolError);
            await RequirePresentAsync(run, fields, false);
        }
    }

    private static async Task WillAfterRaisedAsync(CaseRun run)
    {
        string topic = run.NewTopic("will");
        WireClient watcher = await run.SubscriberAsync(topic);
        WireClient client = await run.ConnectAsync(run.NewConnect() with { Will = new WireWill(topic, "x") });
        await client.SendAsync(PacketBytes.DisconnectWith(ReasonCode.Success, Property.SessionExpiryInterval(Long)));
        await watcher.ReceiveAsync();
    }

    private static async Task LoweredToZeroAsync(CaseRun run)
    {
        ConnectFields fields = await LeaveAsync(run, Long, 0);
        await RequirePresentAsync(run, fields, false);
    }

    private static async Task ShortenedAsync(CaseRun run)
    {
        ConnectFields fields = await LeaveAsync(run, Long, 1);
        await run.DelayAsync(TimeSpan.FromSeconds(1) + run.Target.Lateness);
        await RequirePresentAsync(run, fields, false);
    }

    private static async Task LengthenedAsync(CaseRun run)
    {
        ConnectFields[] fields = [await LeaveAsync(run, 1, Long), await LeaveAsync(run, 1, Never)];
        await run.DelayAsync(TimeSpan.FromSeconds(1) + run.Target.Lateness);
        await run.EachAsync(fields, left => left.ClientIdentifier, left => RequirePresentAsync(run, left, true));
    }

    private static async Task UnchangedAsync(CaseRun run)
    {
        ConnectFields fields = run.NewConnect().Persistent(Long);
        WireClient client = await run.ConnectAsync(fields);
        await client.SendAsync(PacketBytes.DisconnectWith(ReasonCode.Success));
        await client.DrainAsync();
        await client.DisposeAsync();
        await RequirePresentAsync(run, fields, true);
    }

    private static async Task LargeMessageAsync(CaseRun run)
    {
        const int Large = 100_000;
        byte[] payload = new byte[Math.Min(Large, (run.Server.MaximumPacketSize ?? Large) / 2)];
        string topic = run.NewTopic();
        WireClient watcher = await run.SubscriberAsync(topic);
        await (await run.ConnectAsync()).PublishAsync(new WireMessage(topic, payload));
        WirePacket message = await watcher.ReceiveAsync();
        run.RequireEqual(payload.Length, message.Payload.Length, "the bytes of the message");
    }

    /// <summary>A session whose client has gone by DISCONNECT, maybe with another Session Expiry Interval.</summary>
    private static async Task<ConnectFields> LeaveAsync(CaseRun run, uint expirySeconds, uint? atDisconnect = null)
    {
        ConnectFields fields = run.NewConnect().Persistent(expirySeconds);
        WireClient client = await run.ConnectAsync(fields);
        await client.SendAsync(atDisconnect is { } changed
            ? PacketBytes.DisconnectWith(ReasonCode.Success, Property.SessionExpiryInterval(changed))
            : PacketBytes.Disconnect);
        await client.DrainAsync();
        await client.DisposeAsync();
        return fields;
    }

    private static async Task RequirePresentAsync(CaseRun run, ConnectFields fields, bool isPresent)
    {
        (_, WirePacket connAck) = await run.ConnectFullyAsync(fields with { CleanStart = false, Properties = [] });
        run.RequireEqual(isPresent, connAck.SessionPresent, "Session Present");
    }
}
