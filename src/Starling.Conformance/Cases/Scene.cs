using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>A connection on which some packet is due from the client: the packet, correct, and what shows how the server takes it.</summary>
/// <param name="Run">The run of the case.</param>
/// <param name="Type">The packet that is due; <see cref="WirePropertyTable.Will"/> for CONNECT taken apart at its Will Properties.</param>
/// <param name="Client">The connection.</param>
/// <param name="Packet">The correct packet.</param>
internal sealed record Scene(CaseRun Run, PacketType Type, WireClient Client, PacketParts Packet)
{
    /// <summary>The codes for what no server may take.</summary>
    public static readonly ReasonCode[] FormatErrors = [ReasonCode.MalformedPacket, ReasonCode.ProtocolError];

    private const string WillText = "will";
    private static readonly TimeSpan WillLimit = TimeSpan.FromSeconds(3);

    /// <summary>Subscribed to the Will Topic of the client, where only the Will tells how the server has taken the packet.</summary>
    public WireClient? Watcher { get; init; }

    public static async Task<Scene> OpenAsync(CaseRun run, PacketType type) => type switch
    {
        PacketType.Connect => new Scene(run, type, await run.OpenAsync(), PacketParts.Connect(run.NewConnect())),
        WirePropertyTable.Will =>
            new Scene(run, type, await run.OpenAsync(), PacketParts.Will(run.NewConnect(), new WireWill(run.NewTopic(), WillText))),
        PacketType.Disconnect => await OpenWatchedAsync(run),
        PacketType.Auth => await OpenAuthenticatingAsync(run),
        PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp => await OpenHandshakeAsync(run, type),
        _ => await OpenPlainAsync(run, type),
    };

    /// <summary>What a server must have for this scene.</summary>
    public static Needs NeedsOf(PacketType type) => type switch
    {
        PacketType.Publish or PacketType.PubAck => Needs.Qos1,
        PacketType.PubRec or PacketType.PubRel or PacketType.PubComp => Needs.Qos2,
        _ => Needs.None,
    };

    /// <summary>Sends bytes in place of the packet; the server must close the connection, and treat it as a fault.</summary>
    public async Task RefusedAsync(byte[] bytes, params ReasonCode[] allowed)
    {
        if (Watcher is null)
        {
            await Client.SendRefusedAsync(bytes, allowed);
            return;
        }

        await Client.SendAsync(bytes);
        await Client.ExpectEndAsync(allowed);
        WirePacket will = await Watcher.TakeAsync(PacketType.Publish, WillLimit);
        Run.RequireEqual(WillText, will.Text, "what the watcher got");
    }

    /// <summary>Sends bytes in place of the packet; the server must take them.</summary>
    public async Task AcceptedAsync(byte[] bytes)
    {
        await Client.SendAsync(bytes);
        if (Watcher is not null)
        {
            IReadOnlyList<WirePacket> came = await Client.DrainAsync();
            Run.Require(came.Count == 0, $"nothing was due after DISCONNECT; there came {string.Join(", ", came)}");
            await Client.DisposeAsync();
            await Watcher.ExpectQuietAsync();
            return;
        }

        PacketType answerType = AnswerTo(Type);
        if (answerType != PacketType.None)
        {
            WirePacket answer = await Client.TakeAsync(answerType);
            Run.Require(answer.Reason < ReasonCode.UnspecifiedError && answer.Codes.All(code => code < 0x80), $"success was due; {answer}");
        }

        await Client.PingAsync();
    }

    private static PacketType AnswerTo(PacketType type) => type switch
    {
        PacketType.Connect or WirePropertyTable.Will or PacketType.Auth => PacketType.ConnAck,
        PacketType.Publish => PacketType.PubAck,
        PacketType.PubRec => PacketType.PubRel,
        PacketType.PubRel => PacketType.PubComp,
        PacketType.Subscribe => PacketType.SubAck,
        PacketType.Unsubscribe => PacketType.UnsubAck,
        _ => PacketType.None,
    };

    private static async Task<Scene> OpenPlainAsync(CaseRun run, PacketType type)
    {
        WireClient client = await run.ConnectAsync();
        int identifier = client.NextIdentifier();
        ByteWriter head = new();
        byte[] topic = new ByteWriter().Text(run.NewTopic()).ToArray();
        PacketParts packet = type switch
        {
            PacketType.Publish => new PacketParts(0x32, head.Raw(topic).TwoByte(identifier).ToArray(), PacketBytes.Utf8("payload")),
            PacketType.Subscribe => new PacketParts(0x82, head.TwoByte(identifier).ToArray(), [.. topic, 0]),
            PacketType.Unsubscribe => new PacketParts(0xA2, head.TwoByte(identifier).ToArray(), topic),
            _ => new PacketParts((int)type << 4, [], []),
        };
        bool hasProperties = run.IsV5 && type != PacketType.PingReq;
        return new Scene(run, type, client, packet with { Identifier = identifier, Properties = hasProperties ? [] : null });
    }

    /// <summary>An acknowledgement is due.</summary>
    private static async Task<Scene> OpenHandshakeAsync(CaseRun run, PacketType type)
    {
        WireClient client = await run.ConnectAsync();
        string topic = run.NewTopic();
        int identifier;
        if (type == PacketType.PubRel)
        {
            identifier = client.NextIdentifier();
            await client.SendAsync(PacketBytes.Publish(run.Version, new WireMessage(topic, "held") { Qos = 2 }, identifier));
            await client.TakeAsync(PacketType.PubRec);
        }
        else
        {
            int qos = type == PacketType.PubAck ? 1 : 2;
            await client.SubscribeAsync((topic, qos));
            await client.PublishAsync(topic, "delivered", qos);
            identifier = (await client.TakeAsync(PacketType.Publish)).Identifier;
        }

        if (type == PacketType.PubComp)
        {
            await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, identifier));
            await client.TakeAsync(PacketType.PubRel);
        }

        ByteWriter head = new ByteWriter().TwoByte(identifier);
        byte[] fields = run.IsV5 ? head.Byte(0).ToArray() : head.ToArray();
        PacketParts packet = new(((int)type << 4) | (type == PacketType.PubRel ? 2 : 0), fields, []) { Identifier = identifier };
        return new Scene(run, type, client, run.IsV5 ? packet with { Properties = [] } : packet);
    }

    private static async Task<Scene> OpenWatchedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient watcher = await run.SubscriberAsync(topic);
        WireClient client = await run.ConnectAsync(run.NewConnect() with { Will = new WireWill(topic, WillText) });
        PacketParts packet = run.IsV5 ? new PacketParts(0xE0, [0], []) { Properties = [] } : new PacketParts(0xE0, [], []);
        return new Scene(run, PacketType.Disconnect, client, packet) { Watcher = watcher };
    }

    /// <summary>The server has asked its question; the right answer would let the client in.</summary>
    private static async Task<Scene> OpenAuthenticatingAsync(CaseRun run)
    {
        ConnectFields fields = run.NewConnect() with { Properties = AuthenticationProperties(Preparation.MethodBegin) };
        (WireClient client, WirePacket? answer) = await run.TryConnectAsync(fields);
        if (answer?.Type != PacketType.Auth)
        {
            run.Skip(Preparation.NoMethod);
        }

        byte[] properties = AuthenticationProperties(Preparation.MethodAnswer);
        PacketParts packet = new(0xF0, [(byte)ReasonCode.ContinueAuthentication], []) { Properties = properties };
        return new Scene(run, PacketType.Auth, client, packet);
    }

    private static byte[] AuthenticationProperties(string data) =>
    [
        .. Property.Text(PropertyId.AuthenticationMethod, Preparation.Method),
        .. Property.Data(PropertyId.AuthenticationData, PacketBytes.Utf8(data)),
    ];
}
