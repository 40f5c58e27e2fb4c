using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>Enhanced authentication.</summary>
internal static class AuthenticationCases
{
    private static readonly byte[] Method = Property.Text(PropertyId.AuthenticationMethod, "M");

    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("The client answers a challenge with AUTH 0x18 and the method of CONNECT",
            ["MQTT-4.12.0-3", "MQTT-4.12.0-5", "MQTT-3.15.2-1"], Challenge),
        new("Until CONNACK a client with a method sends only AUTH", ["MQTT-3.1.2-30"], OnlyAuth),
        new("A method that is not that of CONNECT ends the connection", ["MQTT-4.12.0-5"], OtherMethod),
        new("Without a method the client sends no AUTH, and a server's AUTH ends the connection", ["MQTT-4.12.0-7"], NoMethod),
        new("Re-authentication begins with AUTH 0x19 and the method of CONNECT", ["MQTT-4.12.1-1", "MQTT-3.15.2-1"], Reauthentication),
        new("Messages go on while the client re-authenticates", ["MQTT-4.12.1-1"], TrafficMeanwhile),
        new("A re-authentication that fails ends with the connection", ["MQTT-4.12.1-2", "MQTT-4.13.2-1"], FailedReauthentication),
        new("AUTH has no Reason String and User Properties that would make it too large", ["MQTT-3.15.2-2", "MQTT-3.15.2-3"], NoExplanations),
        new("AUTH with reserved flags ends the connection", ["MQTT-3.15.1-1"], ReservedFlags),
        new("Authentication Data without a method ends the connection", ["U5-13"], DataAlone),
    ];

    private static void Challenge(ClientRun run)
    {
        (MqttClient _, Task connecting) = Begin(run);
        ReceivedPacket connect = run.Server.Received[0];
        RequireEqual("M", connect.TextOf(PropertyId.AuthenticationMethod), "the method");
        for (int i = 0; i < 3; i++)
        {
            run.Send(PacketBytes.Auth(ReasonCode.ContinueAuthentication, [.. Method, .. Property.Data(PropertyId.AuthenticationData, [9])]));
            ReceivedPacket answer = run.Expect(PacketType.Auth);
            RequireEqual((ReasonCode.ContinueAuthentication, "M"), (answer.Reason, answer.TextOf(PropertyId.AuthenticationMethod)), "the answer");
        }

        run.Send(ServerBytes.ConnAck(run.Version, false, 0, Method));
        run.Await(connecting);
    }

    private static void OnlyAuth(ClientRun run)
    {
        (MqttClient client, Task connecting) = Begin(run);
        Task publishing = Publish(client, 1);
        MqttSubscription subscription = client.Subscribe("t");
        run.Send(PacketBytes.Auth(ReasonCode.ContinueAuthentication, Method));
        run.Expect(PacketType.Auth);
        run.PassSeconds(300);
        Require(run.Server.Received.Skip(1).All(packet => packet.Type == PacketType.Auth), "other packets came before CONNACK");
        run.Send(ServerBytes.ConnAck(run.Version, false, 0, Method));
        run.Await(connecting);
        run.Await(publishing);
        run.Await(subscription.Ready);
    }

    private static void OtherMethod(ClientRun run)
    {
        byte[] other = Property.Text(PropertyId.AuthenticationMethod, "N");
        Each(
            new (string Name, byte[] Bytes)[]
            {
                ("AUTH with another", PacketBytes.Auth(ReasonCode.ContinueAuthentication, other)),
                ("AUTH without one", PacketBytes.Auth(ReasonCode.ContinueAuthentication)),
                ("CONNACK with another", ServerBytes.ConnAck(run.Version, false, 0, other)),
                ("CONNACK without one", ServerBytes.ConnAck(run.Version)),
            },
            variant => variant.Name,
            variant =>
            {
                Begin(run);
                ServerSide server = run.Server;
                run.Send(variant.Bytes);
                run.WaitFor(() => server.IsClosed, "the client closes the connection");
                RequireEqual(0, server.Of(PacketType.Auth).Count(), "the number of AUTH packets");
            });
    }

    private static void NoMethod(ClientRun run)
    {
        run.Connect();
        ServerSide server = run.Server;
        run.Send(PacketBytes.Auth(ReasonCode.ContinueAuthentication, Method));
        run.WaitFor(() => server.IsClosed, "the client closes the connection");
        RequireEqual(ReasonCode.ProtocolError, server.Take(PacketType.Disconnect)?.Reason, "the code of DISCONNECT");
        RequireEqual(0, server.Of(PacketType.Auth).Count(), "the number of AUTH packets");
    }

    private static void Reauthentication(ClientRun run)
    {
        MqttClient client = Connected(run);
        for (int i = 0; i < 2; i++)
        {
            Task task = client.ReauthenticateAsync().AsTask();
            ReceivedPacket begin = run.Expect(PacketType.Auth);
            RequireEqual((ReasonCode.ReAuthenticate, "M"), (begin.Reason, begin.TextOf(PropertyId.AuthenticationMethod)), "the first AUTH");
            run.Send(PacketBytes.Auth(ReasonCode.ContinueAuthentication, Method));
            ReceivedPacket answer = run.Expect(PacketType.Auth);
            RequireEqual((ReasonCode.ContinueAuthentication, "M"), (answer.Reason, answer.TextOf(PropertyId.AuthenticationMethod)), "the second AUTH");
            run.Send(PacketBytes.Auth(ReasonCode.Success, Method));
            run.Await(task);
        }
    }

    private static void TrafficMeanwhile(ClientRun run)
    {
        MqttClient client = Connected(run);
        Task task = client.ReauthenticateAsync().AsTask();
        run.Expect(PacketType.Auth);
        run.Await(Publish(client, 1));
        run.Await(Publish(client, 2));
        run.Await(client.SubscribeAsync("t").AsTask());
        Require(!task.IsCompleted, "the re-authentication is done before the server has agreed");
        run.Send(PacketBytes.Auth(ReasonCode.Success, Method));
        run.Await(task);
    }

    private static void FailedReauthentication(ClientRun run)
    {
        MqttClient client = Connected(run);
        Task task = client.ReauthenticateAsync().AsTask();
        run.Expect(PacketType.Auth);
        ServerSide server = run.Server;
        run.Send(PacketBytes.DisconnectWith(ReasonCode.NotAuthorized));
        run.WaitFor(() => server.IsClosed, "the client closes the connection");
        run.WaitFor(() => task.IsCompleted, "the end of the re-authentication");
        Require(task.IsFaulted, "the re-authentication succeeded");
    }

    private static void NoExplanations(ClientRun run)
    {
        MqttClient client = Connected(run);
        _ = client.ReauthenticateAsync().AsTask();
        ReceivedPacket begin = run.Expect(PacketType.Auth);
        Require(!begin.Has(PropertyId.ReasonString) && !begin.Has(PropertyId.UserProperty), "AUTH explains itself");
    }

    private static void ReservedFlags(ClientRun run) => Each(Enumerable.Range(1, 15), flags => $"{flags:X}", flags =>
    {
        Begin(run);
        ServerSide server = run.Server;
        byte[] auth = PacketBytes.Auth(ReasonCode.ContinueAuthentication, Method);
        auth[0] |= (byte)flags;
        run.Send(auth);
        run.WaitFor(() => server.IsClosed, "the client closes the connection");
        RequireEqual(0, server.Of(PacketType.Auth).Count(), "the number of AUTH packets");
    });

    private static void DataAlone(ClientRun run) => Each([false, true], isAuth => isAuth ? "AUTH" : "CONNACK", isAuth =>
    {
        run.NewScript();
        run.Script.ConnAcks.Enqueue([]);
        MqttClient client = run.NewClient(options => options.Reconnect.Enabled = false);
        Task connecting = client.ConnectAsync().AsTask();
        run.WaitFor(() => run.Connections > 0 && run.Server.Received.Count > 0, "CONNECT");
        ServerSide server = run.Server;
        byte[] data = Property.Data(PropertyId.AuthenticationData, [1]);
        run.Send(isAuth ? PacketBytes.Auth(ReasonCode.ContinueAuthentication, data) : ServerBytes.ConnAck(run.Version, false, 0, data));
        run.WaitFor(() => server.IsClosed, "the client closes the connection");
        run.WaitFor(() => connecting.IsCompleted, "the end of the attempt");
    });

    // A client that has sent CONNECT with a method.
    private static (MqttClient Client, Task Connecting) Begin(ClientRun run)
    {
        run.NewScript();
        run.Script.ConnAcks.Enqueue([]);
        MqttClient client = run.NewClient(options => options.Authentication = new ScriptedMethod("M"));
        Task connecting = client.ConnectAsync().AsTask();
        run.WaitFor(() => run.Connections > 0 && run.Server.Received.Count > 0, "CONNECT");
        return (client, connecting);
    }

    private static MqttClient Connected(ClientRun run)
    {
        run.Script.ConnAckProperties = Method;
        return run.Connect(options => options.Authentication = new ScriptedMethod("M"));
    }
}
