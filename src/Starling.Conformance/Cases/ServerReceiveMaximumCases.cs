using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>The Receive Maximum of the server, and that it holds clients to it (chapters 3.3.4, 4.9).</summary>
internal static class ServerReceiveMaximumCases
{
    // So many at a time that neither side has to wait for the other to read.
    private const int BatchCount = 200;

    private const int ManyCount = 2000;
    private const string TooMany = "the server allows more open messages than this case opens";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "A client may have as many QoS 2 messages open as Receive Maximum of the server allows",
            ["U5-26", "MQTT-3.3.4-7"],
            AllowedAsync) { Needs = Needs.Qos2 },
        new(
            "A client with more QoS 2 messages open than the server allows is disconnected",
            ["U5-26", "MQTT-3.3.4-7"],
            ExceededAsync) { Needs = Needs.Qos2 },
        new("A PUBCOMP of the server gives the client's slot back", ["U5-26"], run => GivenBackAsync(run, 2)) { Needs = Needs.Qos2 },
        new("A PUBACK of the server gives the client's slot back", ["U5-26"], run => GivenBackAsync(run, 1)) { Needs = Needs.Qos2 },
        new("A PUBREC of the server with an error gives the client's slot back", ["U5-26"], RefusedGivesBackAsync) { Needs = Needs.Qos2 },
        new("A new connection begins with all slots of Receive Maximum", ["U5-26"], NewConnectionAsync) { Needs = Needs.Qos2 },
    ];

    /// <summary>Publishes so many QoS 2 messages and sends no PUBREL.</summary>
    private static async Task OpenAsync(CaseRun run, WireClient client, int count)
    {
        string topic = run.NewTopic();
        for (int sent = 0; sent < count; sent += BatchCount)
        {
            int batch = Math.Min(BatchCount, count - sent);
            ByteWriter bytes = new();
            for (int i = 0; i < batch; i++)
            {
                bytes.Raw(PacketBytes.Publish(run.Version, new WireMessage(topic, "2") { Qos = 2 }, client.NextIdentifier()));
            }

            await client.SendAsync(bytes.ToArray());
            for (int i = 0; i < batch; i++)
            {
                await client.ExpectAsync(PacketType.PubRec);
            }
        }
    }

    private static async Task AllowedAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await OpenAsync(run, client, Math.Min(run.Server.ReceiveMaximum, ManyCount));
        await client.PingAsync();
    }

    private static async Task ExceededAsync(CaseRun run)
    {
        int maximum = run.Server.ReceiveMaximum;
        if (maximum == ushort.MaxValue)
        {
            run.Skip("the server sets no Receive Maximum, and there are not enough Packet Identifiers to exceed the one that holds then");
        }

        WireClient client = await run.ConnectAsync();
        await OpenAsync(run, client, maximum);
        WireMessage oneMore = new(run.NewTopic(), "2") { Qos = 2 };
        await client.SendAsync(PacketBytes.Publish(run.Version, oneMore, client.NextIdentifier()));
        await client.ExpectEndAsync(ReasonCode.ReceiveMaximumExceeded);
    }

    /// <summary>All slots but one are taken, and that one is used again and again.</summary>
    private static async Task GivenBackAsync(CaseRun run, int qos)
    {
        WireClient client = await AllButOneAsync(run);
        string topic = run.NewTopic();
        for (int i = 0; i < 5; i++)
        {
            await client.PublishAsync(topic, $"{i}", qos);
        }

        await client.PingAsync();
    }

    private static async Task RefusedGivesBackAsync(CaseRun run)
    {
        WireClient client = await AllButOneAsync(run);
        for (int i = 0; i < 5; i++)
        {
            string topic = Preparation.DeniedPrefix + run.NewClientIdentifier();
            await client.SendAsync(PacketBytes.Publish(run.Version, new WireMessage(topic, "2") { Qos = 2 }, client.NextIdentifier()));
            WirePacket? answer = await client.ReadAsync();
            if (answer is { Type: PacketType.PubRec } && answer.Reason < ReasonCode.UnspecifiedError)
            {
                run.Skip(Preparation.NothingDenied);
            }

            if (answer is null or { Type: PacketType.Disconnect, Reason: ReasonCode.NotAuthorized })
            {
                run.Skip("the server ends the connection of a client that publishes where it may not, and sends no PUBREC");
            }

            run.RequireEqual(PacketType.PubRec, answer.Type, "the answer to a PUBLISH that is refused");
        }

        await client.PublishAsync(run.NewTopic(), "allowed", qos: 2);
        await client.PingAsync();
    }

    private static async Task<WireClient> AllButOneAsync(CaseRun run)
    {
        int maximum = run.Server.ReceiveMaximum;
        if (maximum > ManyCount)
        {
            run.Skip(TooMany);
        }

        WireClient client = await run.ConnectAsync();
        await OpenAsync(run, client, maximum - 1);
        return client;
    }

    private static async Task NewConnectionAsync(CaseRun run)
    {
        int maximum = run.Server.ReceiveMaximum;
        if (maximum > ManyCount)
        {
            run.Skip(TooMany);
        }

        // The messages are completed on the second connection before others are begun, as a correct client does.
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient client = await run.ConnectAsync(fields);
        await OpenAsync(run, client, maximum);
        client.Abort();
        client = await run.ConnectAsync(fields);
        for (int identifier = 1; identifier <= maximum; identifier++)
        {
            await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubRel, identifier));
            await client.ExpectAsync(PacketType.PubComp);
        }

        await OpenAsync(run, client, maximum);
        await client.PingAsync();
    }
}
