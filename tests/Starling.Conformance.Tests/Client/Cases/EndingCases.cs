using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>DISCONNECT, and the end of connections.</summary>
internal static class EndingCases
{
    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("DISCONNECT is the last packet of the client, and it closes then",
            ["MQTT-3.14.4-1", "MQTT-3.14.4-2", "MQTT311-3.14.4-1", "MQTT311-3.14.4-2"], Last),
        new("A client that is disposed says DISCONNECT and closes",
            ["MQTT-3.14.4-1", "MQTT-3.14.4-2", "MQTT311-3.14.4-1", "MQTT311-3.14.4-2"], Disposed),
        new("The client sends DISCONNECT with the codes that a client may send and with no others", ["MQTT-3.14.2-1"], Codes),
        new("DISCONNECT has no Reason String and User Properties that would make it too large", ["MQTT-3.14.2-3", "MQTT-3.14.2-4"], NoExplanations),
        new("A DISCONNECT of the server ends the connection, in every form that it may have", ["U5-39", "MQTT-4.13.2-1"], ByServer),
        new("A CONNACK that refuses ends the connection", ["MQTT-4.13.2-1"], Refused),
        new("DISCONNECT of the server with reserved flags is malformed", ["MQTT-3.14.1-1"], ReservedFlags),
        new("A Session Expiry Interval that was 0 stays 0", ["U5-09"], ExpiryStaysZero),
    ];

    private static void Last(ClientRun run)
    {
        (MqttClient client, _) = run.Subscribe(AckMode.OnDelivery);
        run.Script.Silent.Add(PacketType.Publish);
        _ = Publish(client, 1);
        _ = Publish(client, 2);
        ServerSide server = run.Server;
        Task disconnecting = client.DisconnectAsync().AsTask();
        run.WaitFor(() => server.IsClosed, "the client closes the connection");
        run.Await(disconnecting);
        RequireEqual(PacketType.Disconnect, server.Received[^1].Type, "the last packet");
        RequireEqual("E000", Convert.ToHexString(server.Received[^1].Bytes), "DISCONNECT");
        RequireEqual(1, run.Connections, "the number of connections");
    }

    private static void Disposed(ClientRun run)
    {
        (MqttClient client, _) = run.Subscribe();
        ServerSide server = run.Server;
        run.Send(ServerBytes.Publish(run.Version, 1, 7));
        run.Await(client.DisposeAsync().AsTask());
        run.WaitFor(() => server.IsClosed, "the client closes the connection");
        RequireEqual(PacketType.Disconnect, server.Received[^1].Type, "the last packet");
    }

    private static void Codes(ClientRun run) => Each(Enumerable.Range(0, 256).Select(code => (ReasonCode)code), code => $"{(int)code:X2}", code =>
    {
        bool isAllowed = ClientCodes.Find(PacketType.Disconnect)?.Codes.Contains((byte)code) == true;
        MqttClient client = run.Connect();
        ServerSide server = run.Server;
        Task disconnecting = client.DisconnectAsync(new DisconnectOptions { Reason = code }).AsTask();
        run.WaitFor(() => disconnecting.IsCompleted, "the end of the call");
        RequireEqual(!isAllowed, disconnecting.IsFaulted, "the refusal");
        if (isAllowed)
        {
            run.WaitFor(() => server.IsClosed, "the client closes the connection");
            RequireEqual(code, server.Take(PacketType.Disconnect)?.Reason, "the code");
        }
    });

    private static void NoExplanations(ClientRun run)
    {
        MqttClient client = run.Connect();
        ServerSide server = run.Server;
        run.Await(client.DisconnectAsync(new DisconnectOptions { Reason = ReasonCode.UnspecifiedError }).AsTask());
        run.WaitFor(() => server.IsClosed, "the client closes the connection");
        ReceivedPacket? packet = server.Take(PacketType.Disconnect);
        Require(packet?.Has(PropertyId.ReasonString) == false && !packet.Has(PropertyId.UserProperty), "DISCONNECT explains itself");
    }

    private static void ByServer(ClientRun run) => Each(
        [[0xE0, 0], [0xE0, 1, 0x8B], [0xE0, 2, 0x8B, 0], [0xE0, 1, 0x00], PacketBytes.DisconnectWith(ReasonCode.UseAnotherServer, Property.Text(PropertyId.ServerReference, "else"))],
        Convert.ToHexString,
        (byte[] bytes) =>
        {
            run.Connect();
            ServerSide server = run.Server;
            int packets = server.Received.Count;
            run.Send(bytes);
            run.WaitFor(() => server.IsClosed, "the client closes the connection");
            RequireEqual(packets, server.Received.Count, "the number of packets of the client");
        });

    private static void Refused(ClientRun run) => Each([0x80, 0x81, 0x82, 0x83, 0x85, 0x87, 0x88, 0x89, 0x8A, 0x97, 0x9F], code => $"{code:X2}", code =>
    {
        run.NewScript();
        run.Script.ConnAcks.Enqueue(ServerBytes.ConnAck(run.Version, false, code));
        Task connecting = run.NewClient().ConnectAsync().AsTask();
        run.WaitFor(() => run.Connections == 1 && run.Server.IsClosed, "the client closes the connection");
        run.WaitFor(() => connecting.IsCompleted, "the end of the attempt");
        Require(connecting.IsFaulted, "the attempt succeeded");
        RequireEqual(1, run.Server.Received.Count, "the number of packets of the client");
    });

    private static void ReservedFlags(ClientRun run) => Each(Enumerable.Range(1, 15), flags => $"{flags:X}", flags =>
    {
        run.Connect();
        ServerSide server = run.Server;
        run.Send((byte)(0xE0 | flags), 0);
        run.WaitFor(() => server.IsClosed, "the client closes the connection");
        RequireEqual(ReasonCode.MalformedPacket, server.Take(PacketType.Disconnect)?.Reason, "the code of DISCONNECT");
    });

    private static void ExpiryStaysZero(ClientRun run)
    {
        MqttClient client = run.Connect(options => options.SessionExpiry = TimeSpan.Zero);
        ServerSide server = run.Server;
        Task disconnecting = client.DisconnectAsync(new DisconnectOptions { SessionExpiry = TimeSpan.FromHours(1) }).AsTask();
        run.WaitFor(() => disconnecting.IsCompleted, "the end of the call");
        run.WaitFor(() => server.IsClosed || disconnecting.IsFaulted, "the end of the connection, or a refusal");
        Require(
            server.Of(PacketType.Disconnect).All(packet => (packet.Number(PropertyId.SessionExpiryInterval) ?? 0) == 0),
            "a session that was to end with its connection got a new Session Expiry Interval");
    }
}
