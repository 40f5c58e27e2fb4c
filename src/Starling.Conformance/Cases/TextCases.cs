using System.Text;
using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>UTF-8 in every text of every packet (chapters 1.5.4 and 1.5.7 of 5.0, 1.5.3 of 3.1.1).</summary>
internal static class TextCases
{
    private static readonly (string Name, byte[] Bytes)[] IllFormed =
    [
        ("a high surrogate", [0xED, 0xA0, 0x80]),
        ("a low surrogate", [0xED, 0xBF, 0xBF]),
        ("a pair of surrogates", [0xED, 0xA0, 0x81, 0xED, 0xB0, 0x80]),
        ("'/' in two bytes", [0xC0, 0xAF]),
        ("U+007F in two bytes", [0xC1, 0xBF]),
        ("U+0000 in two bytes", [0xC0, 0x80]),
        ("'/' in three bytes", [0xE0, 0x80, 0xAF]),
        ("'/' in four bytes", [0xF0, 0x80, 0x80, 0xAF]),
        ("U+110000", [0xF4, 0x90, 0x80, 0x80]),
        ("a first byte above F4", [0xF5, 0x80, 0x80, 0x80]),
        ("byte FF", [0xFF]),
        ("a lone continuation byte", [0x80]),
        ("a sequence that another character cuts", [0xE2, 0x28, 0xA1]),
    ];

    /// <summary>These end the text, so that the reader must not look for the rest in the next field.</summary>
    private static readonly (string Name, byte[] Bytes)[] CutOff =
    [
        ("one byte of two", [0xC3]),
        ("two bytes of three", [0xE2, 0x82]),
        ("three bytes of four", [0xF0, 0x9F, 0x98]),
    ];

    private static readonly (string Name, byte[] Bytes)[] WithZero =
    [
        ("only U+0000", [0]),
        ("U+0000 first", PacketBytes.Utf8("\0ab")),
        ("U+0000 within", PacketBytes.Utf8("a\0b")),
        ("U+0000 last", PacketBytes.Utf8("ab\0")),
    ];

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        .. TextFields.All.Select(field => new ConformanceCase(
            $"Ill-formed UTF-8 in {field.Name} is refused",
            ["MQTT-1.5.4-1", .. field.IsIn311 ? ["MQTT311-1.5.3-1"] : Array.Empty<string>(), .. field.TextStatements],
            run => RefusedAsync(run, field, [.. IllFormed.Select(Within), .. CutOff.Select(Behind)]))
        {
            Needs = Scene.NeedsOf(field.Packet),
        }),
        .. TextFields.All.Select(field => new ConformanceCase(
            $"U+0000 in {field.Name} is refused",
            ["MQTT-1.5.4-2", .. field.IsIn311 ? ["MQTT311-1.5.3-2"] : Array.Empty<string>(), .. field.ZeroStatements],
            run => RefusedAsync(run, field, WithZero))
        {
            Needs = Scene.NeedsOf(field.Packet),
        }),
        new("Characters at every edge of UTF-8 go through in a Topic Name", ["MQTT-1.5.4-1", "MQTT311-1.5.3-1"], EdgesAsync),
        new("Characters that a server may refuse are refused or kept", ["MQTT-1.5.4-1", "MQTT311-1.5.3-1"], DoubtfulAsync),
        new("U+FEFF is kept at any place of a Topic Name", ["MQTT-1.5.4-3", "MQTT311-1.5.3-3"], ByteOrderMarkInTopicAsync),
        new("U+FEFF is kept in the texts of properties", ["MQTT-1.5.4-3"], ByteOrderMarkInPropertiesAsync),
    ];

    private static (string Name, byte[] Bytes) Within((string Name, byte[] Bytes) text) =>
        (text.Name, [(byte)'a', .. text.Bytes, (byte)'b']);

    private static (string Name, byte[] Bytes) Behind((string Name, byte[] Bytes) text) => (text.Name, [(byte)'a', .. text.Bytes]);

    private static Task RefusedAsync(CaseRun run, TextField field, IEnumerable<(string Name, byte[] Bytes)> texts) =>
        run.EachAsync(texts, text => text.Name, async text =>
        {
            Scene scene = await Scene.OpenAsync(run, field.Packet);
            await scene.RefusedAsync(field.Write(run, scene.Packet, text.Bytes), [.. Scene.FormatErrors, .. field.Codes]);
        });

    private static async Task EdgesAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        foreach (string edge in new[] { " ", "~", "\u00A0", "\u07FF", "\u0800", "\uD7FF", "\uE000", "\uFFFD", "\U00010000", "\U0010FFFD" })
        {
            string topic = run.NewTopic(edge);
            await client.SubscribeAsync((topic, 0));
            await client.PublishAsync(topic, edge);
            run.RequireEqual(topic, (await client.ReceiveAsync()).Topic, "the topic");
        }
    }

    /// <summary>Control characters and noncharacters: a receiver may close the connection for them.</summary>
    private static Task DoubtfulAsync(CaseRun run) =>
        run.EachAsync(["\u0001", "\u001F", "\u007F", "\u009F", "\uFDD0", "\uFFFE", "\uFFFF", "\U0001FFFE", "\U0010FFFF"], Name, async text =>
        {
            WireClient client = await run.ConnectAsync();
            string topic = run.NewTopic(text);
            byte[] subscribe = PacketBytes.Subscribe(run.Version, client.NextIdentifier(), [], (topic, 0));
            await client.SendAsync([.. subscribe, .. PacketBytes.Publish(run.Version, new WireMessage(topic, text))]);
            WirePacket? answer = await client.ReadAsync();
            string kind = text[0] < '\u00A0' ? "control characters" : "noncharacters";
            if (answer is null or { Type: PacketType.Disconnect })
            {
                run.Note($"text with {kind}", "is refused");
                return;
            }

            run.Note($"text with {kind}", "is taken");
            WirePacket publish = answer.Type == PacketType.Publish ? answer : await client.TakeAsync(PacketType.Publish);
            run.RequireEqual(topic, publish.Topic, "the topic");
        });

    private static string Name(string text) => $"U+{Rune.GetRuneAt(text, 0).Value:X4}";

    private static async Task ByteOrderMarkInTopicAsync(CaseRun run)
    {
        string plain = run.NewTopic();
        WireClient other = await run.SubscriberAsync(plain);
        WireClient client = await run.ConnectAsync();
        foreach (string topic in new[] { $"\uFEFF{plain}", plain.Replace("/", "/\uFEFF", StringComparison.Ordinal), $"{plain}\uFEFF" })
        {
            await client.SubscribeAsync((topic, 0));
            await client.PublishAsync(topic, "\uFEFFmarked");
            WirePacket publish = await client.ReceiveAsync();
            run.RequireEqual(topic, publish.Topic, "the topic");
            run.RequireEqual("\uFEFFmarked", publish.Text, "the payload");
        }

        await other.ExpectQuietAsync();
    }

    private static async Task ByteOrderMarkInPropertiesAsync(CaseRun run)
    {
        const string Text = "\uFEFFa\uFEFFb";
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic);
        await client.PublishAsync(new WireMessage(topic, "marked")
        {
            Properties =
            [
                .. Property.Text(PropertyId.ContentType, Text), .. Property.Text(PropertyId.ResponseTopic, Text), .. Property.User(Text, Text),
            ],
        });
        WirePacket publish = await client.ReceiveAsync();
        run.RequireEqual(Text, publish.TextOf(PropertyId.ContentType), "the Content Type");
        run.RequireEqual(Text, publish.TextOf(PropertyId.ResponseTopic), "the Response Topic");
        run.RequireEqual($"{Text}={Text}", publish.TextOf(PropertyId.UserProperty), "the User Property");
    }
}
