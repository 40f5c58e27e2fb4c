using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>Keep Alive, in virtual time.</summary>
internal static class KeepAliveCases
{
    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("An idle client sends PINGREQ within every Keep Alive", ["MQTT-3.1.2-20", "MQTT311-3.1.2-23"], Idle),
        new("A client that only receives sends PINGREQ within every Keep Alive", ["MQTT-3.1.2-20", "MQTT311-3.1.2-23"], Receiving),
        new("A client whose reader is slow sends PINGREQ within every Keep Alive", ["MQTT-3.1.2-20", "MQTT311-3.1.2-23"], SlowReader),
        new("What the client could not send does not put PINGREQ off", ["MQTT-3.1.2-20"], NotSent),
        new("With Keep Alive 0 the client need not send anything", ["MQTT-3.1.2-20", "MQTT311-3.1.2-23"], Off),
        new("A Server Keep Alive replaces the client's own, shorter or longer", ["MQTT-3.1.2-21", "MQTT-3.2.2-21"], ServerKeepAlive),
        new("A Server Keep Alive of 0 switches it off", ["MQTT-3.1.2-21", "MQTT-3.2.2-21"], ServerKeepAliveOff),
    ];

    private static void Idle(ClientRun run) => Each([1, 2, 10, 65535], seconds => $"{seconds} s", seconds =>
    {
        run.Connect(options => options.KeepAlive = TimeSpan.FromSeconds(seconds));
        RequireEqual(seconds, run.Server.Received[0].Connect?.KeepAliveSeconds, "the Keep Alive in CONNECT");
        RequirePings(run, seconds, TimeSpan.Zero, () => { });
    });

    private static void Receiving(ClientRun run)
    {
        run.Subscribe(AckMode.Manual, options => options.KeepAlive = TimeSpan.FromSeconds(10));
        RequirePings(run, 10, TimeSpan.Zero, () => run.Send(ServerBytes.Publish(run.Version, 0)));
    }

    private static void SlowReader(ClientRun run)
    {
        MqttClient client = run.Connect(options => options.KeepAlive = TimeSpan.FromSeconds(10));
        run.Await(client.SubscribeAsync("#", new SubscribeOptions { Buffer = 1, Overflow = Overflow.Wait }).AsTask());
        run.Send([.. ServerBytes.Publish(run.Version, 0), .. ServerBytes.Publish(run.Version, 0), .. ServerBytes.Publish(run.Version, 0)]);
        RequirePings(run, 10, TimeSpan.Zero, () => { });
    }

    private static void NotSent(ClientRun run)
    {
        run.Script.ConnAckProperties = Property.MaximumPacketSize(100);
        MqttClient client = run.Connect(options => options.KeepAlive = TimeSpan.FromSeconds(10));
        RequirePings(run, 10, TimeSpan.Zero, () =>
        {
            run.Send(ServerBytes.Publish(run.Version, 0));
            Task refused = client.SubscribeAsync(new string('t', 200)).AsTask();
            run.WaitFor(() => refused.IsCompleted, "the end of a request that is too large");
            Require(refused.IsFaulted, "a SUBSCRIBE that is too large was sent");
        });
    }

    private static void Off(ClientRun run)
    {
        MqttClient client = run.Connect(options => options.KeepAlive = TimeSpan.Zero);
        run.PassSeconds(1_000_000);
        run.ExpectNone(client, PacketType.PingReq);
        Require(!run.Server.IsClosed, "the client has closed the connection");
    }

    private static void ServerKeepAlive(ClientRun run) => Each([1, 5, 600, 65535], seconds => $"{seconds} s", seconds =>
    {
        run.Script.ConnAckProperties = Property.Number(PropertyId.ServerKeepAlive, seconds);
        MqttClient client = run.Connect(options => options.KeepAlive = TimeSpan.FromSeconds(60));
        RequireEqual(TimeSpan.FromSeconds(seconds), client.Server?.KeepAlive, "the Keep Alive in force");
        RequirePings(run, seconds, TimeSpan.FromSeconds(seconds * 0.5), () => { });
    });

    private static void ServerKeepAliveOff(ClientRun run)
    {
        run.Script.ConnAckProperties = Property.Number(PropertyId.ServerKeepAlive, 0);
        MqttClient client = run.Connect(options => options.KeepAlive = TimeSpan.FromSeconds(5));
        run.PassSeconds(100_000);
        run.ExpectNone(client, PacketType.PingReq);
    }

    // In steps of a tenth: no gap between two packets of the client is longer than the Keep Alive, and none much shorter.
    private static void RequirePings(ClientRun run, int seconds, TimeSpan leastGap, Action step)
    {
        const int Steps = 50;
        double gap = 0;
        int seen = run.Server.Received.Count;
        for (int i = 0; i < Steps; i++)
        {
            step();
            run.PassSeconds(seconds / 10.0);
            gap += seconds / 10.0;
            Require(gap <= seconds + 0.001, $"nothing came for {gap:0.#} s with a Keep Alive of {seconds} s");
            if (run.Server.Received.Count > seen)
            {
                bool isPing = run.Server.Received[^1].Type == PacketType.PingReq;
                Require(!isPing || gap >= leastGap.TotalSeconds, $"PINGREQ came after {gap:0.#} s with a Keep Alive of {seconds} s");
                seen = run.Server.Received.Count;
                gap = 0;
            }
        }

        Require(run.Server.Of(PacketType.PingReq).Any(), "no PINGREQ came");
    }
}
