using Starling.Fuzz.Fuzzing;
using Starling.Protocol.Connections;
using static Starling.Fuzz.Fuzzing.FuzzFailureException;

namespace Starling.Fuzz.Targets;

/// <summary>Random packets and random answers of a broker on the server's connection: what is to come again comes again, and after the end nothing.</summary>
internal sealed class ServerMachineTarget : IFuzzTarget
{
    private const int ReceiveMaximum = 3;

    public string Name => "server-machine";

    public int TestInputs => 6000;

    public byte[] Make(Random random) => InputMaker.Choices(random, 150);

    public void Run(byte[] input)
    {
        FuzzInput choices = new(input);
        ServerConnection connection = new(new ServerConnectionSettings { ReceiveMaximum = ReceiveMaximum });
        ServerTrace trace = new(connection);
        int perVersion = SamplePackets.OfClients.Count / 3;
        int version = choices.Below(3);
        List<byte> buffer = [.. SamplePackets.OfClients[version * perVersion]];
        while (!choices.IsAtEnd)
        {
            switch (choices.Below(8))
            {
                case 0:
                    connection.ClosePublish();
                    break;
                case 1 when choices.Below(20) == 0:
                    connection.End();
                    break;
                case 2 or 3:
                    trace.Verdicts.Enqueue(choices.Choose(PacketVerdict.Continue, PacketVerdict.Pause, PacketVerdict.Retry, PacketVerdict.Retry));
                    break;
                default:
                    // CONNECT, DISCONNECT and AUTH end most runs at once, so they are rare.
                    int packet = choices.Below(perVersion);
                    buffer.AddRange(packet is > 1 and not (5 or 6 or 7) || choices.Below(10) == 0 ? SamplePackets.OfClients[(version * perVersion) + packet] : []);
                    break;
            }

            Feed(connection, trace, buffer);
        }
    }

    private static void Feed(ServerConnection connection, ServerTrace trace, List<byte> buffer)
    {
        bool hadEnded = connection.Phase == ServerConnectionPhase.Ended;
        int toldBefore = trace.Told.Count;
        byte[] given = [.. buffer];
        int taken = connection.Receive(given, ref trace);
        Require(taken >= 0 && taken <= given.Length, $"{taken} of {given.Length} bytes were taken");
        Require(!hadEnded || trace.Told.Count == toldBefore, "something was told after the end");
        Require(connection.OpenPublishes is >= 0 and <= ReceiveMaximum || connection.Version != Protocol.MqttVersion.V5, $"{connection.OpenPublishes} messages are open");
        bool hasEnded = connection.Phase == ServerConnectionPhase.Ended;
        buffer.RemoveRange(0, taken);
        if (trace.Last == PacketVerdict.Retry && trace.Told.Count > toldBefore && !hasEnded)
        {
            string retried = trace.Told[^1];
            byte[] again = [.. buffer];
            int told = trace.Told.Count;
            connection.Receive(again, ref trace);
            Require(trace.Told.Count > told && trace.Told[told] == retried, $"{retried} did not come again");
            buffer.Clear();
            Require(connection.OpenPublishes >= 0, "the window is below zero");
        }
    }
}
