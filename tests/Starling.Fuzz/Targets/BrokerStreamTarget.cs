using Starling.Fuzz.Fuzzing;
using Starling.Conformance.Wire;
using Starling.Protocol;
using static Starling.Fuzz.Fuzzing.FuzzFailureException;

namespace Starling.Fuzz.Targets;

/// <summary>Bytes of one client into a broker that serves another: no fault, and the other notices nothing.</summary>
internal sealed class BrokerStreamTarget : IFuzzTarget
{
    private const int ChoiceBytes = 3;

    public string Name => "broker-stream";

    public int TestInputs => 600;

    public byte[] Make(Random random) => InputMaker.Stream(random, ChoiceBytes, SamplePackets.OfClients);

    public void Run(byte[] input)
    {
        FuzzInput choices = new(input);
        FuzzBroker broker = new(1 + choices.Below(2));
        bool isConnected = choices.Flag();
        int pieceBytes = choices.Choose(1, 3, 20, 10_000);
        ConnectFields fields = new(MqttVersion.V5, "witness");
        WatchedConnection witness = new(broker.Group.Open(), MqttVersion.V5, fields);
        witness.Send(PacketBytes.Connect(fields));
        WatchedConnection hostile = new(broker.Group.Open(broker.Group.Loops.Count - 1), MqttVersion.V5, null);
        if (isConnected)
        {
            hostile.SendWild(PacketBytes.Connect(new ConnectFields(MqttVersion.V5, "hostile")));
        }

        foreach (byte[] piece in choices.Rest().Chunk(pieceBytes))
        {
            hostile.SendWild(piece);
            broker.Group.RunUntilIdle();
            hostile.Peer.Read();
            broker.Check();
        }

        broker.Pass(1);
        witness.SendPing();
        broker.Group.RunUntilIdle();
        witness.Read();
        Require(witness is { IsConnected: true } && !witness.Peer.IsClosed, "the other client was disconnected");
        hostile.End(isReset: false);
        broker.Pass(20);
        Require(broker.Group.Loops.Sum(loop => loop.ConnectionCount) == 1, "the connection is left");
        broker.Check();
    }
}
