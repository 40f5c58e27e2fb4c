using Starling.Fuzz.Fuzzing;
using Starling.Protocol.Connections;
using static Starling.Fuzz.Fuzzing.FuzzFailureException;

namespace Starling.Fuzz.Targets;

/// <summary>Bytes of a client into the server's connection: no exception, and the same told in whatever pieces they come.</summary>
internal sealed class ServerStreamTarget : IFuzzTarget
{
    private const int ChoiceBytes = 3;

    public string Name => "server-stream";

    public int TestInputs => 6000;

    public byte[] Make(Random random) => InputMaker.Stream(random, ChoiceBytes, SamplePackets.OfClients);

    public void Run(byte[] input)
    {
        FuzzInput choices = new(input);
        bool isConnected = choices.Flag();
        int pieceBytes = 1 + choices.Below(9);
        byte[] connect = isConnected ? SamplePackets.OfClients[choices.Below(SamplePackets.OfClients.Count)] : [];
        byte[] stream = [.. connect, .. choices.Rest()];

        List<string> whole = Feed(stream, Math.Max(1, stream.Length));
        List<string> pieces = Feed(stream, pieceBytes);
        Require(whole.SequenceEqual(pieces), $"in one piece: {string.Join("; ", whole)}; in pieces of {pieceBytes}: {string.Join("; ", pieces)}");
    }

    private static List<string> Feed(byte[] stream, int pieceBytes)
    {
        ServerConnection connection = new(new ServerConnectionSettings { PacketBytesMax = 500, ReceiveMaximum = 3, TopicAliasMaximum = 2 });
        ServerTrace trace = new(connection);
        List<byte> buffer = [];
        foreach (byte[] piece in stream.Chunk(pieceBytes))
        {
            buffer.AddRange(piece);
            for (int taken = -1; taken != 0 && buffer.Count > 0;)
            {
                byte[] given = [.. buffer];
                taken = connection.Receive(given, ref trace);
                Require(taken >= 0 && taken <= given.Length, $"{taken} of {given.Length} bytes were taken");
                Require(taken > 0 || connection.NeededBytes > given.Length, $"nothing was taken of {given.Length} bytes, {connection.NeededBytes} are needed");
                buffer.RemoveRange(0, taken);
                Require(connection.OpenPublishes >= 0, "the window is below zero");
            }
        }

        return trace.Told;
    }
}
