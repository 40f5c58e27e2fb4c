using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>What a Client Identifier may be, and what an empty one means (3.1.3.1, 3.2.2.3.7).</summary>
internal static class ClientIdentifierCases
{
    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const int LongestCertain = 23;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("Two Client Identifiers have two sessions", ["MQTT-3.1.3-2", "MQTT311-3.1.3-2"], TwoSessionsAsync),
        new("Client Identifiers that differ in case only are two clients", ["MQTT-3.1.3-2", "MQTT311-3.1.3-2"], CaseMattersAsync),
        new("Client Identifiers of 1 to 23 digits and letters are accepted", ["MQTT-3.1.3-5", "MQTT311-3.1.3-5"], LengthsAsync),
        new("An empty Client Identifier is replaced by a unique one", ["MQTT-3.1.3-6", "MQTT-3.2.2-16"], AssignedAsync),
        new("The Assigned Client Identifier is in CONNACK, and its session can be resumed", ["MQTT-3.1.3-7"], AssignedResumesAsync),
        new("Clients with empty Client Identifiers do not disturb each other", ["MQTT311-3.1.3-6"], EmptyAsync),
        new("An empty Client Identifier without Clean Session gets CONNACK 0x02 and a close",
            ["MQTT311-3.1.3-7", "MQTT311-3.1.3-8"], EmptyPersistentAsync),
        new("An empty Client Identifier of 3.1 gets CONNACK 0x02 and a close", ["MQTT31-1"], EmptyOldAsync),
        new("A Client Identifier that the server refuses gets CONNACK 0x85 or nothing, and a close", ["MQTT-3.1.3-8"], RefusedAsync),
        new("A Client Identifier that the server refuses gets CONNACK 0x02 and a close", ["MQTT311-3.1.3-9"], RefusedOldAsync),
    ];

    private static async Task TwoSessionsAsync(CaseRun run)
    {
        string topic = run.NewTopic("");
        ConnectFields[] fields = [run.NewConnect().Persistent(), run.NewConnect().Persistent()];
        for (int i = 0; i < fields.Length; i++)
        {
            WireClient client = await run.ConnectAsync(fields[i]);
            await client.SubscribeAsync(($"{topic}{i}", 0));
            await client.DisconnectAsync();
        }

        WireClient publisher = await run.ConnectAsync();
        for (int i = 0; i < fields.Length; i++)
        {
            WireClient client = await run.ConnectAsync(fields[i]);
            await publisher.PublishAsync($"{topic}{1 - i}", "of the other");
            await publisher.PublishAsync($"{topic}{i}", "own");
            WirePacket publish = await client.ReceiveAsync();
            run.RequireEqual($"{topic}{i}", publish.Topic, "the topic of the only subscription of the session");
        }
    }

    private static async Task CaseMattersAsync(CaseRun run)
    {
        ConnectFields lower = run.NewConnect();
        ConnectFields upper = lower with { ClientIdentifier = lower.ClientIdentifier.ToUpperInvariant() };
        WireClient first = await run.ConnectAsync(lower);
        await run.ConnectAsync(upper);
        await first.PingAsync();
        await first.ExpectQuietAsync();
    }

    private static async Task LengthsAsync(CaseRun run)
    {
        // The version stands first, because cases of all versions run side by side and must not take over each other.
        string first = $"{(int)run.Version}";
        IEnumerable<string> lengths = Enumerable.Range(1, LongestCertain).Select(length => first + Letters[..(length - 1)]);
        IEnumerable<string> alphabet = Letters.Chunk(LongestCertain - 1).Select(part => first + new string(part));
        await run.EachAsync(lengths.Union(alphabet), identifier => identifier, async identifier =>
        {
            WireClient client = await run.ConnectAsync(run.NewConnect() with { ClientIdentifier = identifier });
            await client.SendAsync(PacketBytes.Disconnect);
        });
        foreach (int length in (int[])[LongestCertain + 1, 256, ushort.MaxValue])
        {
            string identifier = run.NewClientIdentifier().PadRight(length, 'x');
            (WireClient client, WirePacket? answer) = await run.TryConnectAsync(run.NewConnect() with { ClientIdentifier = identifier });
            run.Note($"says to a Client Identifier of {length} bytes", answer?.ToString() ?? "nothing");
            await client.SendAsync(PacketBytes.Disconnect);
        }
    }

    private static async Task AssignedAsync(CaseRun run)
    {
        const int Count = 20;
        HashSet<string> assigned = [];
        List<WireClient> clients = [];
        for (int i = 0; i < Count; i++)
        {
            (WireClient client, WirePacket connAck) = await ConnectEmptyAsync(run, run.NewConnect() with { ClientIdentifier = "" });
            string? identifier = connAck.TextOf(PropertyId.AssignedClientIdentifier);
            run.Require(identifier is null || assigned.Add(identifier), $"the Client Identifier '{identifier}' was assigned twice");
            clients.Add(client);
        }

        foreach (WireClient client in clients)
        {
            await client.PingAsync();
        }
    }

    private static async Task AssignedResumesAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        foreach (bool cleanStart in (bool[])[true, false])
        {
            ConnectFields fields = run.NewConnect().Persistent() with { ClientIdentifier = "", CleanStart = cleanStart };
            (WireClient client, WirePacket connAck) = await ConnectEmptyAsync(run, fields);
            string? identifier = connAck.TextOf(PropertyId.AssignedClientIdentifier);
            run.Require(identifier is { Length: > 0 }, "CONNACK should have an Assigned Client Identifier; it has none");
            await client.SubscribeAsync((topic, 0));
            await client.DisconnectAsync();
            WireClient again = await run.ConnectAsync(fields with { ClientIdentifier = identifier, CleanStart = false });
            await (await run.ConnectAsync()).PublishAsync(topic, "for the session");
            await again.ReceiveAsync();
            await again.SendAsync(PacketBytes.DisconnectWith(ReasonCode.Success, Property.SessionExpiryInterval(0)));
        }
    }

    private static async Task EmptyAsync(CaseRun run)
    {
        ConnectFields empty = run.NewConnect() with { ClientIdentifier = "" };
        (WireClient first, _) = await ConnectEmptyAsync(run, empty);
        (WireClient second, _) = await ConnectEmptyAsync(run, empty);
        await first.PingAsync();
        await second.PingAsync();
        await first.ExpectQuietAsync();
    }

    private static Task EmptyPersistentAsync(CaseRun run) =>
        RequireOldRefusalAsync(run, run.NewConnect() with { ClientIdentifier = "", CleanStart = false });

    private static Task EmptyOldAsync(CaseRun run) => run.EachAsync([true, false], clean => $"Clean Session {clean}", clean =>
        RequireOldRefusalAsync(run, run.NewConnect() with { ClientIdentifier = "", CleanStart = clean }));

    private static async Task RefusedAsync(CaseRun run)
    {
        (WireClient client, WirePacket? answer) = await TryRefusedAsync(run);
        if (answer is not null)
        {
            run.RequireEqual(ReasonCode.ClientIdentifierNotValid, answer.Reason, "the code of CONNACK");
            await Refusal.ExpectEndAsync(run, client, answer);
        }
    }

    private static async Task RefusedOldAsync(CaseRun run)
    {
        await TryRefusedAsync(run);
        await RequireOldRefusalAsync(run, run.NewConnect() with { ClientIdentifier = Preparation.RefusedClientIdentifier });
    }

    private static async Task<(WireClient Client, WirePacket? Answer)> TryRefusedAsync(CaseRun run)
    {
        (WireClient client, WirePacket? answer) = await run.TryConnectAsync(
            run.NewConnect() with { ClientIdentifier = Preparation.RefusedClientIdentifier });
        if (answer is { Reason: ReasonCode.Success })
        {
            await client.SendAsync(PacketBytes.Disconnect);
            run.Skip(Preparation.NoIdentifierRefused);
        }

        return (client, answer);
    }

    private static async Task RequireOldRefusalAsync(CaseRun run, ConnectFields fields)
    {
        byte[] answer = await Refusal.ReadToEndAsync(run, PacketBytes.Connect(fields));
        run.Require(
            answer.AsSpan().SequenceEqual((byte[])[0x20, 2, 0, 2]),
            $"CONNACK 20020002 was due; there came '{Convert.ToHexString(answer)}'");
    }

    /// <summary>Connects with an empty Client Identifier, which a server need not accept.</summary>
    private static async Task<(WireClient Client, WirePacket ConnAck)> ConnectEmptyAsync(CaseRun run, ConnectFields fields)
    {
        (WireClient client, WirePacket? answer) = await run.TryConnectAsync(fields);
        ReasonCode refusal = run.IsV5 ? ReasonCode.ClientIdentifierNotValid : (ReasonCode)2;
        if (answer?.Reason == refusal)
        {
            run.Skip("the server takes no empty Client Identifiers, which it need not");
        }

        string came = answer?.ToString() ?? "the connection was closed";
        run.Require(answer is { Type: PacketType.ConnAck, Reason: ReasonCode.Success }, $"a CONNACK that accepts was due; {came}");
        return (client, answer);
    }
}
