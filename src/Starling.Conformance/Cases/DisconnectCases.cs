using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>DISCONNECT of the client and of the server (3.14).</summary>
internal static class DisconnectCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A client that says DISCONNECT 0x00 leaves no will", ["MQTT-3.14.4-3", "MQTT311-3.14.4-3"], WillDroppedAsync),
        new("The short forms of DISCONNECT are as good as the long ones", ["U5-39"], ShortFormsAsync),
        new("A DISCONNECT with a code that it does not have is an error", ["MQTT-3.14.2-1"], UnknownCodeAsync),
        new("Behind DISCONNECT nothing is taken", ["MQTT-3.14.4-1", "MQTT311-3.14.4-2"], NothingBehindAsync),
        new("A server that sends DISCONNECT closes, though the client does not", ["MQTT-3.14.4-2"], ServerClosesAsync),
        new("A server closes after DISCONNECT of a client that does not", ["MQTT-3.14.4-2"], ClosesAfterClientAsync) { IsAdvice = true },
        new("No DISCONNECT is larger than a client allows, whatever it could explain",
            ["MQTT-3.14.2-3", "MQTT-3.14.2-4"], SmallDisconnectAsync),
    ];

    private static async Task WillDroppedAsync(CaseRun run)
    {
        byte[][] forms = run.IsV5 ? [[0xE0, 0], [0xE0, 2, 0, 0]] : [[0xE0, 0]];
        await run.EachAsync(forms, Convert.ToHexString, async form =>
        {
            WireClient watcher = await DisconnectWithWillAsync(run, form);
            await watcher.ExpectQuietAsync();
        });
    }

    private static async Task ShortFormsAsync(CaseRun run)
    {
        byte[][] forms = [[0xE0, 0], [0xE0, 1, 0], [0xE0, 1, 4], [0xE0, 2, 0, 0], [0xE0, 2, 4, 0]];
        await run.EachAsync(forms, Convert.ToHexString, async form =>
        {
            WireClient client = await run.ConnectAsync();
            await client.SendAsync(form);
            IReadOnlyList<WirePacket> came = await client.DrainAsync();
            run.Require(came.Count == 0, $"nothing was due; there came {string.Join(", ", came)}");
        });
        foreach (byte[] form in (byte[][])[[0xE0, 1, 4], [0xE0, 2, 4, 0]])
        {
            await (await DisconnectWithWillAsync(run, form)).ReceiveAsync();
        }
    }

    private static async Task UnknownCodeAsync(CaseRun run)
    {
        int[] codes = [0x01, 0x03, 0x05, 0x18, 0x7F, 0xFF];
        await run.EachAsync(codes, code => $"{code:X2}", async code =>
        {
            // That the server takes it for an error shows in the will, and in its code when it says one.
            string topic = run.NewTopic("will");
            WireClient watcher = await run.SubscriberAsync(topic);
            WireClient client = await run.ConnectAsync(run.NewConnect() with { Will = new WireWill(topic, "x") });
            await client.SendAsync(0xE0, 1, (byte)code);
            await client.ExpectEndAsync(ReasonCode.MalformedPacket, ReasonCode.ProtocolError);
            await watcher.ReceiveAsync();
        });
    }

    private static async Task NothingBehindAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient watcher = await run.SubscriberAsync(topic);
        WireClient client = await run.ConnectAsync();
        WireMessage message = new(topic, "x") { Retain = run.Server.RetainAvailable };
        await client.SendAsync([.. PacketBytes.Disconnect, .. PacketBytes.Publish(run.Version, message), .. PacketBytes.PingReq]);
        await client.ExpectEndAsync();
        await watcher.ExpectQuietAsync();
        WireClient late = await run.SubscriberAsync(topic);
        await late.ExpectQuietAsync();
    }

    private static async Task ServerClosesAsync(CaseRun run)
    {
        ConnectFields fields = run.NewConnect();
        byte[][] faults = [PacketBytes.Connect(fields), [0x00, 0x00], [0xD0, 0x00]];
        int judged = 0;
        foreach (byte[] fault in faults)
        {
            // Whether the server takes it for a fault, and says so, is for other cases.
            WireClient client = await run.ConnectAsync(fields);
            await client.SendAsync(fault);
            IReadOnlyList<WirePacket> came = await client.DrainAsync();
            if (came.FirstOrDefault(packet => packet.Type == PacketType.Disconnect) is { } last)
            {
                judged++;
                await Refusal.ExpectEndAsync(run, client, last);
            }
        }

        if (judged == 0)
        {
            run.Skip("the server sends no DISCONNECT");
        }
    }

    private static async Task ClosesAfterClientAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Disconnect);
        await client.DrainAsync(run.Target.Patience);
        run.Require(client.IsClosed, "the server should have closed the connection; it left that to the client");
    }

    private static async Task SmallDisconnectAsync(CaseRun run)
    {
        // A server whose CONNACK is larger lets no such client in: that is well, and then a larger limit shows the DISCONNECT.
        await run.EachAsync([3, 8, 12, 16, 20, 24, 32], limit => $"{limit} bytes", async limit =>
        {
            ConnectFields fields = run.NewConnect() with { Properties = Property.MaximumPacketSize((uint)limit) };
            WireClient client = await run.OpenAsync();
            await client.SendConnectAsync(fields);
            if (await client.ReadAllAsync() is not [{ Type: PacketType.ConnAck, Reason: ReasonCode.Success }])
            {
                return;
            }

            // Whether a second CONNECT ends the connection is for another case.
            await client.SendAsync(PacketBytes.Connect(fields));
            IReadOnlyList<WirePacket> came = await client.ReadAllAsync();
            run.Require(
                came.All(packet => packet.SizeBytes <= limit),
                $"{limit} bytes at most were due; there came {string.Join(", ", came)}");
        });
    }

    /// <summary>A client with a will says this and goes.</summary>
    /// <returns>The subscriber of the will.</returns>
    private static async Task<WireClient> DisconnectWithWillAsync(CaseRun run, byte[] disconnect)
    {
        string topic = run.NewTopic("will");
        WireClient watcher = await run.SubscriberAsync(topic);
        WireClient client = await run.ConnectAsync(run.NewConnect() with { Will = new WireWill(topic, "x") });
        await client.SendAsync(disconnect);
        await client.DrainAsync();
        await client.DisposeAsync();
        return watcher;
    }
}
