using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>A second connection with a Client Identifier that is connected (3.1.4).</summary>
internal static class TakeoverCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A second connection of a client closes the first one", ["MQTT-3.1.4-3", "MQTT311-3.1.4-2"], ClosedAsync),
        new("The connection that is taken over gets DISCONNECT 0x8E", ["MQTT-3.1.4-3"], ReasonAsync),
        new("The connection that takes over works", ["MQTT-3.1.4-3", "MQTT311-3.1.4-2"], WorksAsync),
        new("Of many connections of one client the last one stays", ["MQTT-3.1.4-3", "MQTT311-3.1.4-2"], ManyAsync),
        new("A connection that takes over goes on with the session", ["MQTT-3.1.2-5", "MQTT311-3.1.2-4"], GoesOnAsync),
        new("A connection that takes over with a clean start has a new session", ["MQTT-3.1.2-4", "MQTT311-3.1.2-6"], CleanAsync),
        new("A CONNECT that is refused takes over nothing", ["MQTT-3.1.4-3", "MQTT311-3.1.4-2"], RefusedAsync),
        new("A CONNECT with an unknown method takes over nothing", ["MQTT-3.1.4-3"], UnknownMethodAsync),
        new("Nothing follows the DISCONNECT of a takeover", ["MQTT-3.14.4-1", "MQTT-3.14.4-2"], NothingFollowsAsync),
    ];

    private static async Task ClosedAsync(CaseRun run)
    {
        ConnectFields fields = run.NewConnect();
        WireClient first = await run.ConnectAsync(fields);
        await run.ConnectAsync(fields);
        await first.DrainAsync(run.Target.Patience);
        run.Require(first.IsClosed, "the first connection should have been closed; it stayed open");
    }

    private static async Task ReasonAsync(CaseRun run)
    {
        ConnectFields[] variants = [run.NewConnect(), run.NewConnect().Persistent()];
        foreach (ConnectFields fields in variants)
        {
            WireClient first = await run.ConnectAsync(fields);
            await run.ConnectAsync(fields);
            WirePacket last = await first.ExpectAsync(PacketType.Disconnect);
            run.RequireEqual(ReasonCode.SessionTakenOver, last.Reason, "the code of DISCONNECT");
            await Refusal.ExpectEndAsync(run, first, last);
        }
    }

    private static async Task WorksAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect();
        WireClient first = await run.ConnectAsync(fields);
        WireClient second = await run.ConnectAsync(fields);
        await first.DrainAsync(run.Target.Patience);
        await second.SubscribeAsync((topic, 0));
        await second.PublishAsync(topic, "x");
        await second.ReceiveAsync();
        await second.ExpectQuietAsync();
    }

    private static async Task ManyAsync(CaseRun run)
    {
        const int Count = 8;
        ConnectFields fields = run.NewConnect();
        List<WireClient> clients = [];
        for (int i = 0; i < Count; i++)
        {
            clients.Add(await run.ConnectAsync(fields));
        }

        foreach (WireClient client in clients[..^1])
        {
            await client.DrainAsync(run.Target.Patience);
            run.Require(client.IsClosed, "an earlier connection should have been closed; it stayed open");
        }

        await clients[^1].PingAsync();
    }

    private static async Task GoesOnAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient first = await run.ConnectAsync(fields);
        await first.SubscribeAsync((topic, 0));
        WireClient second = await run.ConnectAsync(fields);
        await (await run.ConnectAsync()).PublishAsync(topic, "x");
        await second.ReceiveAsync();
    }

    private static async Task CleanAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient first = await run.ConnectAsync(fields);
        await first.SubscribeAsync((topic, 0));
        WireClient second = await run.ConnectAsync(fields with { CleanStart = true });
        await (await run.ConnectAsync()).PublishAsync(topic, "x");
        await second.ExpectQuietAsync();
    }

    private static async Task RefusedAsync(CaseRun run)
    {
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient first = await run.ConnectAsync(fields);
        ConnectFields refused = fields with { UserName = Preparation.RefusedUserName, Password = PacketBytes.Utf8("any") };
        (_, WirePacket? answer) = await run.TryConnectAsync(refused);
        if (answer is { Reason: ReasonCode.Success })
        {
            run.Skip(Preparation.NobodyRefused);
        }

        await first.PingAsync();
        await first.ExpectQuietAsync();
    }

    private static async Task UnknownMethodAsync(CaseRun run)
    {
        ConnectFields fields = run.NewConnect();
        WireClient first = await run.ConnectAsync(fields);
        (_, WirePacket? answer) = await run.TryConnectAsync(
            fields with { Properties = Property.Text(PropertyId.AuthenticationMethod, "nonsense") });
        if (answer is { Reason: ReasonCode.Success })
        {
            run.Skip("the server accepts an Authentication Method that it cannot have, which is another fault");
        }

        await first.PingAsync();
        await first.ExpectQuietAsync();
    }

    private static async Task NothingFollowsAsync(CaseRun run)
    {
        // Messages keep coming for the client while it is taken over.
        const int Count = 50;
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient first = await run.ConnectAsync(fields);
        await first.SubscribeAsync((topic, 0));
        WireClient publisher = await run.ConnectAsync();
        byte[] publish = PacketBytes.Publish(run.Version, new WireMessage(topic, "x"));
        await publisher.SendAsync([.. Enumerable.Repeat(publish, Count).SelectMany(bytes => bytes)]);
        await run.ConnectAsync(fields);
        await publisher.SendAsync([.. Enumerable.Repeat(publish, Count).SelectMany(bytes => bytes)]);
        IReadOnlyList<WirePacket> came = await first.DrainAsync(run.Target.Patience);
        if (came.All(packet => packet.Type != PacketType.Disconnect))
        {
            run.Skip("the server sends no DISCONNECT");
        }

        run.RequireEqual(PacketType.Disconnect, came[^1].Type, "the last packet");
        run.Require(first.IsClosed, "the server should have closed the connection after DISCONNECT; it stayed open");
    }
}
