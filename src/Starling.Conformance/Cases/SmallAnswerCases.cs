using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>
/// Clients with a tiny Maximum Packet Size, and every answer that could explain itself with a Reason String or User Properties: they must
/// be left out where they make it too large (chapters 3.2.2, 3.4.2 to 3.7.2, 3.9.2, 3.11.2, 3.14.2).
/// </summary>
internal static class SmallAnswerCases
{
    private const int UnknownIdentifier = 1234;
    private const int TinyBytes = 8;

    private static readonly PacketType[] CodedAnswers = [PacketType.SubAck, PacketType.UnsubAck];

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A client whose CONNACK is too large for it gets nothing else instead", ["MQTT-3.2.0-1"], NothingBeforeConnAckAsync),
        new(
            "A SUBACK or UNSUBACK with too many codes for the client is not sent", ["MQTT-3.1.2-24"], ManyCodesAsync),
        .. CasesOf("CONNACK", "MQTT-3.2.2-19", "MQTT-3.2.2-20", ConnAckAsync),
        .. CasesOf("PUBACK", "MQTT-3.4.2-2", "MQTT-3.4.2-3", run => PublishAsync(run, 1)).Select(c => c with { Needs = Needs.Qos1 }),
        .. CasesOf("PUBREC", "MQTT-3.5.2-2", "MQTT-3.5.2-3", run => PublishAsync(run, 2)).Select(c => c with { Needs = Needs.Qos2 }),
        .. CasesOf("PUBREL", "MQTT-3.6.2-2", "MQTT-3.6.2-3", run => UnknownAsync(run, PacketType.PubRec))
            .Select(c => c with { Needs = Needs.Qos2 }),
        .. CasesOf("PUBCOMP", "MQTT-3.7.2-2", "MQTT-3.7.2-3", run => UnknownAsync(run, PacketType.PubRel))
            .Select(c => c with { Needs = Needs.Qos2 }),
        .. CasesOf("SUBACK", "MQTT-3.9.2-1", "MQTT-3.9.2-2", SubscribeAsync),
        .. CasesOf("UNSUBACK", "MQTT-3.11.2-1", "MQTT-3.11.2-2", UnsubscribeAsync),
        .. CasesOf("DISCONNECT", "MQTT-3.14.2-3", "MQTT-3.14.2-4", DisconnectAsync),
    ];

    /// <summary>One case for each of the two properties, over what the server sends to a client with this limit.</summary>
    private static IEnumerable<ConformanceCase> CasesOf(
        string packet, string reasonString, string userProperty,
        Func<CaseRun, Task<IReadOnlyList<(WirePacket Packet, int LimitBytes)>>> provoke)
    {
        ConformanceCase CaseOf(string name, string statement, PropertyId property) => new(name, [statement], async run =>
        {
            foreach ((WirePacket came, int limitBytes) in await provoke(run))
            {
                run.Require(
                    came.SizeBytes <= limitBytes || !came.Has(property),
                    $"at most {limitBytes} bytes were due; {came} with {property} has {came.SizeBytes}");
            }
        });
        return
        [
            CaseOf($"{packet} has no Reason String that makes it too large for the client", reasonString, PropertyId.ReasonString),
            CaseOf($"{packet} has no User Property that makes it too large for the client", userProperty, PropertyId.UserProperty),
        ];
    }

    /// <summary>A client with the smallest limit that still lets the server accept it.</summary>
    private static async Task<(WireClient Client, ConnectFields Fields, int LimitBytes)> ConnectTinyAsync(CaseRun run)
    {
        (_, WirePacket plain) = await run.ConnectFullyAsync(run.NewConnect());
        foreach (int limitBytes in new[] { TinyBytes, plain.SizeBytes })
        {
            ConnectFields fields = Limited(run, limitBytes);
            TimeSpan patience = limitBytes == TinyBytes ? run.Target.Quiet : run.Target.Patience;
            (WireClient client, WirePacket? connAck) = await TryConnectAsync(run, fields, patience);
            if (connAck is { Type: PacketType.ConnAck, Reason: ReasonCode.Success })
            {
                return (client, fields, limitBytes);
            }
        }

        throw new CaseFailedException($"a client with the Maximum Packet Size of a plain CONNACK, {plain.SizeBytes}, was not accepted");
    }

    /// <summary>The answer to CONNECT; null when the server closes, or says nothing as it cannot in so few bytes.</summary>
    private static async Task<(WireClient Client, WirePacket? ConnAck)> TryConnectAsync(CaseRun run, ConnectFields fields, TimeSpan limit)
    {
        WireClient client = await run.OpenAsync();
        await client.SendConnectAsync(fields);
        return (client, await FirstAsync(client, limit));
    }

    private static async Task<WirePacket?> FirstAsync(WireClient client, TimeSpan limit) =>
        await client.ReadAllAsync(limit) is [WirePacket first, ..] ? first : null;

    private static ConnectFields Limited(CaseRun run, int limitBytes) =>
        run.NewConnect() with { Properties = Property.MaximumPacketSize((uint)limitBytes) };

    private static async Task<IReadOnlyList<(WirePacket Packet, int LimitBytes)>> AnswersAsync(WireClient client, int limitBytes) =>
        [.. (await client.DrainAsync()).Select(packet => (packet, limitBytes))];

    /// <summary>A client need not wait for CONNACK before it sends more.</summary>
    private static async Task NothingBeforeConnAckAsync(CaseRun run)
    {
        (WireClient client, WirePacket? first) = await TryConnectAsync(run, Limited(run, TinyBytes), run.Target.Quiet);
        await client.SendAsync(PacketBytes.PingReq);
        first ??= await FirstAsync(client, run.Target.Quiet);
        run.Require(first is null or { Type: PacketType.ConnAck }, $"CONNACK or nothing was due; there came {first}");
        run.Note("a client whose CONNACK is too large for it", first?.ToString() ?? (client.IsClosed ? "is closed" : "waits on"));
    }

    private static Task ManyCodesAsync(CaseRun run) => run.EachAsync(CodedAnswers, type => $"{type}", async type =>
    {
        (WireClient client, _, int limitBytes) = await ConnectTinyAsync(run);
        string[] filters = [.. Enumerable.Range(0, limitBytes).Select(i => run.NewTopic($"{i}"))];
        await client.SendAsync(type == PacketType.SubAck
            ? PacketBytes.Subscribe(run.Version, client.NextIdentifier(), [], [.. filters.Select(filter => (filter, 0))])
            : PacketBytes.Unsubscribe(run.Version, client.NextIdentifier(), filters));
        IReadOnlyList<WirePacket> came = await client.DrainAsync();
        run.Require(
            came.All(packet => packet.SizeBytes <= limitBytes),
            $"no packet of more than {limitBytes} bytes was due; there came {string.Join(", ", came)}");
        run.Note($"a {type} that is too large for the client", client.IsClosed ? "ends the connection" : "is left out");
    });

    private static async Task<IReadOnlyList<(WirePacket Packet, int LimitBytes)>> ConnAckAsync(CaseRun run)
    {
        ConnectFields plain = Limited(run, TinyBytes);
        ConnectFields[] attempts =
        [
            plain,
            plain with { ClientIdentifier = "" },
            Limited(run, TinyBytes) with { UserName = Preparation.RefusedUserName, Password = PacketBytes.Utf8("wrong") },
            plain with { ClientIdentifier = Preparation.RefusedClientIdentifier },
            plain with { Properties = [.. plain.Properties, .. Property.Text(PropertyId.AuthenticationMethod, "no-such-method")] },
        ];
        List<(WirePacket Packet, int LimitBytes)> came = [];
        foreach (ConnectFields fields in attempts)
        {
            (_, WirePacket? connAck) = await TryConnectAsync(run, fields, run.Target.Quiet);
            if (connAck is { Type: PacketType.ConnAck })
            {
                came.Add((connAck, TinyBytes));
            }
        }

        return came;
    }

    /// <summary>A message for nobody, and one that is not allowed.</summary>
    private static async Task<IReadOnlyList<(WirePacket Packet, int LimitBytes)>> PublishAsync(CaseRun run, int qos)
    {
        (WireClient client, _, int limitBytes) = await ConnectTinyAsync(run);
        foreach (string topic in new[] { run.NewTopic(), Preparation.DeniedPrefix + run.NewClientIdentifier() })
        {
            await client.SendAsync(PacketBytes.Publish(run.Version, new WireMessage(topic, "text") { Qos = qos }, client.NextIdentifier()));
        }

        return await AnswersAsync(client, limitBytes);
    }

    private static async Task<IReadOnlyList<(WirePacket Packet, int LimitBytes)>> UnknownAsync(CaseRun run, PacketType type)
    {
        (WireClient client, _, int limitBytes) = await ConnectTinyAsync(run);
        await client.SendAsync(PacketBytes.Acknowledge(type, UnknownIdentifier));
        return await AnswersAsync(client, limitBytes);
    }

    /// <summary>A filter that is granted, and one that is not allowed.</summary>
    private static async Task<IReadOnlyList<(WirePacket Packet, int LimitBytes)>> SubscribeAsync(CaseRun run)
    {
        (WireClient client, _, int limitBytes) = await ConnectTinyAsync(run);
        foreach (string filter in new[] { run.NewTopic(), Preparation.DeniedPrefix + run.NewClientIdentifier() })
        {
            await client.SendAsync(PacketBytes.Subscribe(run.Version, client.NextIdentifier(), [], (filter, 0)));
        }

        return await AnswersAsync(client, limitBytes);
    }

    private static async Task<IReadOnlyList<(WirePacket Packet, int LimitBytes)>> UnsubscribeAsync(CaseRun run)
    {
        (WireClient client, _, int limitBytes) = await ConnectTinyAsync(run);
        await client.SendAsync(PacketBytes.Unsubscribe(run.Version, client.NextIdentifier(), run.NewTopic()));
        return await AnswersAsync(client, limitBytes);
    }

    /// <summary>A second CONNECT, a malformed packet, and a second client with the same identifier.</summary>
    private static async Task<IReadOnlyList<(WirePacket Packet, int LimitBytes)>> DisconnectAsync(CaseRun run)
    {
        (WireClient twice, ConnectFields fields, int limitBytes) = await ConnectTinyAsync(run);
        await twice.SendAsync(PacketBytes.Connect(fields));
        WireClient malformed = await run.ConnectAsync(Limited(run, limitBytes));
        await malformed.SendAsync(0x00, 0x00);
        ConnectFields same = Limited(run, limitBytes);
        WireClient taken = await run.ConnectAsync(same);
        await run.ConnectAsync(same);
        return
        [
            .. await AnswersAsync(twice, limitBytes),
            .. await AnswersAsync(malformed, limitBytes),
            .. await AnswersAsync(taken, limitBytes),
        ];
    }
}
