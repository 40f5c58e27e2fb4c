using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>Packets that end within a field, at every byte where one can, and packets with bytes behind their last field.</summary>
internal static class TruncationCases
{
    private static readonly PacketType[] Types =
    [
        PacketType.Connect, PacketType.Publish, PacketType.PubAck, PacketType.PubRec, PacketType.PubRel, PacketType.PubComp,
        PacketType.Subscribe, PacketType.Unsubscribe, PacketType.Disconnect,
    ];

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        .. Types.Where(type => type != PacketType.Disconnect).Select(Cut),
        new("DISCONNECT cut within a field is malformed", ["U5-05"], run => CutAsync(run, PacketType.Disconnect)),
        new("AUTH cut within a field is malformed", ["U5-05"], run => CutAsync(run, PacketType.Auth)),
        .. Types.Except([PacketType.Disconnect]).Select(type => CutAtField(type, IsAcknowledgement(type) ? "U5-38" : "U5-05")),
        CutAtField(PacketType.Disconnect, "U5-39"),
        .. Types.Where(type => type != PacketType.Publish).Select(Padded),
        new("AUTH with bytes behind its last field is malformed", ["U5-05"], run => PaddedAsync(run, PacketType.Auth)),
        new("A property that ends behind the Property Length is malformed", ["U5-05"], LongPropertyAsync),
        new("A CONNECT without the fields that its flags promise is malformed", ["U5-05", "MQTT311-4.8.0-1"], PromisedFieldsAsync),
        new("A CONNECT with fields that its flags do not promise is malformed", ["U5-05", "MQTT311-4.8.0-1"], UnpromisedFieldsAsync),
    ];

    private static ConformanceCase Cut(PacketType type) => new(
        $"{ClientProperties.NameOf(type)} cut within a field is malformed", ["U5-05", "MQTT311-4.8.0-1"], run => CutAsync(run, type))
    {
        Needs = Scene.NeedsOf(type),
    };

    private static ConformanceCase CutAtField(PacketType type, string statement) => new(
        $"{ClientProperties.NameOf(type)} is taken in every length that makes it whole", [statement], run => CutAtFieldAsync(run, type))
    {
        Needs = Scene.NeedsOf(type),
    };

    private static ConformanceCase Padded(PacketType type) => new(
        $"{ClientProperties.NameOf(type)} with bytes behind its last field is malformed",
        ["U5-05", "MQTT311-4.8.0-1"],
        run => PaddedAsync(run, type))
    {
        Needs = Scene.NeedsOf(type),
    };

    /// <summary>
    /// Topics and Client Identifiers differ in length, so every variant is cut from one sample; only an acknowledgement has an identifier
    /// of its own in two bytes.
    /// </summary>
    private static async Task CutAsync(CaseRun run, PacketType type)
    {
        PacketParts sample = Enrich(await Scene.OpenAsync(run, type), "name");
        int[] whole = WholeLengths(type, sample, run.IsV5);
        IEnumerable<int> cuts = Enumerable.Range(0, sample.Body.Length).Where(length => !whole.Contains(length));
        await run.EachAsync(cuts, length => $"{length} of {sample.Body.Length} bytes", async length =>
        {
            Scene scene = await Scene.OpenAsync(run, type);
            PacketParts packet = IsAcknowledgement(type) ? Enrich(scene) : sample;
            await scene.RefusedAsync(PacketBytes.Frame(packet.FirstByte, packet.Body.AsSpan(0, length)), Scene.FormatErrors);
        });
    }

    private static async Task CutAtFieldAsync(CaseRun run, PacketType type)
    {
        PacketParts sample = Enrich(await Scene.OpenAsync(run, type));
        int[] whole = WholeLengths(type, sample, run.IsV5);
        await run.EachAsync(whole, length => $"{length} bytes", async length =>
        {
            Scene scene = await Scene.OpenAsync(run, type);
            PacketParts packet = IsAcknowledgement(type) ? Enrich(scene) : sample;
            await scene.AcceptedAsync(PacketBytes.Frame(packet.FirstByte, packet.Body.AsSpan(0, length)));
        });

        // An empty list of properties, written as length 0, is one more form of it.
        Scene plain = await Scene.OpenAsync(run, type);
        await plain.AcceptedAsync(plain.Packet.Bytes);
    }

    private static Task PaddedAsync(CaseRun run, PacketType type) => run.EachAsync([1, 2, 5], count => $"{count} bytes more", async count =>
    {
        Scene scene = await Scene.OpenAsync(run, type);
        await scene.RefusedAsync(
            PacketBytes.Frame(scene.Packet.FirstByte, [.. scene.Packet.Body, .. Enumerable.Repeat((byte)1, count)]),
            Scene.FormatErrors);
    });

    /// <summary>Each entry is whole in the packet, and cut off by the end of the properties.</summary>
    private static Task LongPropertyAsync(CaseRun run) =>
        run.EachAsync([PropertyId.UserProperty, PropertyId.CorrelationData, PropertyId.MessageExpiryInterval], id => id.ToString(), async id =>
        {
            Scene scene = await Scene.OpenAsync(run, WirePropertyTable.Will);
            byte[] entry = ClientProperties.Good(id, WirePropertyTable.Will);
            await scene.RefusedAsync(scene.Packet.With(entry).WithPropertyLength((byte)(entry.Length - 1)), Scene.FormatErrors);
        });

    private static Task PromisedFieldsAsync(CaseRun run)
    {
        const int PasswordFlag = 0x40;
        const int UserNameFlag = 0x80;
        const int WillFlag = 0x04;
        return run.EachAsync([UserNameFlag, UserNameFlag | PasswordFlag, WillFlag], flags => $"Connect Flags {flags:X2}", async flags =>
        {
            WireClient client = await run.OpenAsync();
            ConnectFields fields = run.NewConnect() with { UserName = null, Password = null };
            await client.SendRefusedAsync(WithConnectFlags(PacketParts.Connect(fields), flags | 2), Scene.FormatErrors);
        });
    }

    private static async Task UnpromisedFieldsAsync(CaseRun run)
    {
        WireClient client = await run.OpenAsync();
        ConnectFields fields = run.NewConnect() with { UserName = "name", Password = [1, 2, 3] };
        await client.SendRefusedAsync(WithConnectFlags(PacketParts.Connect(fields), 2), Scene.FormatErrors);
    }

    private static byte[] WithConnectFlags(PacketParts connect, int flags)
    {
        byte[] head = [.. connect.Head];
        head[^3] = (byte)flags;
        return (connect with { Head = head }).Bytes;
    }

    private static bool IsAcknowledgement(PacketType type) =>
        type is PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp;

    /// <summary>The packet of the scene with every field it can have; CONNECT with a user name where nobody need be let in.</summary>
    private static PacketParts Enrich(Scene scene, string? userName = null)
    {
        CaseRun run = scene.Run;
        PacketParts packet = scene.Packet;
        if (scene.Type == PacketType.Connect)
        {
            byte[] willProperties = run.IsV5 ? ClientProperties.AllGood(WirePropertyTable.Will, run.Server) : [];
            WireWill will = new(run.NewTopic(), "will") { Properties = willProperties };
            ConnectFields fields = run.NewConnect();
            packet = PacketParts.Connect(fields with
            {
                UserName = fields.UserName ?? userName,
                Password = fields.Password ?? (userName is null ? null : PacketBytes.Utf8("password")),
                Will = will,
            });
        }

        if (scene.Type is PacketType.Subscribe or PacketType.Unsubscribe)
        {
            packet = packet with { Tail = [.. packet.Tail, .. packet.Tail] };
        }

        return packet.Properties is null ? packet : packet.With(ClientProperties.AllGood(scene.Type, run.Server));
    }

    /// <summary>The lengths of the body that are a correct packet again.</summary>
    private static int[] WholeLengths(PacketType type, PacketParts packet, bool isV5)
    {
        int all = packet.Body.Length;
        return type switch
        {
            PacketType.Publish => [.. Enumerable.Range(packet.TailStart, packet.Tail.Length + 1)],
            PacketType.Subscribe or PacketType.Unsubscribe => [packet.TailStart + (packet.Tail.Length / 2), all],
            _ when isV5 && IsAcknowledgement(type) => [2, 3, all],
            PacketType.Disconnect when isV5 => [0, 1, all],
            _ => [all],
        };
    }
}
