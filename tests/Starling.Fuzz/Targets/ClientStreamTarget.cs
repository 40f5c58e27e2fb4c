using Starling.Conformance.Wire;
using Starling.Fuzz.Fuzzing;
using Starling.Protocol;
using Starling.Protocol.Connections;
using static Starling.Fuzz.Fuzzing.FuzzFailureException;

namespace Starling.Fuzz.Targets;

/// <summary>Bytes of a server into the client's connection: no exception, and the same told in whatever pieces they come.</summary>
internal sealed class ClientStreamTarget : IFuzzTarget
{
    private const int ChoiceBytes = 3;

    public string Name => "client-stream";

    public int TestInputs => 6000;

    public byte[] Make(Random random) => InputMaker.Stream(random, ChoiceBytes, SamplePackets.OfServers);

    public void Run(byte[] input)
    {
        FuzzInput choices = new(input);
        MqttVersion version = choices.Choose(MqttVersion.V31, MqttVersion.V311, MqttVersion.V5, MqttVersion.V5);
        bool isConnected = choices.Below(4) != 0;
        int pieceBytes = 1 + choices.Below(9);
        byte[] stream = choices.Rest();
        List<string> whole = Feed(version, isConnected, stream, Math.Max(1, stream.Length));
        List<string> pieces = Feed(version, isConnected, stream, pieceBytes);
        Require(whole.SequenceEqual(pieces), $"in one piece: {string.Join("; ", whole)}; in pieces of {pieceBytes}: {string.Join("; ", pieces)}");
    }

    private static List<string> Feed(MqttVersion version, bool isConnected, byte[] stream, int pieceBytes)
    {
        FuzzOutput output = new();
        ClientTrace trace = new();
        ClientSession session = new();
        ClientConnectionSettings settings = new()
        {
            Version = version, ClientIdentifier = "c"u8.ToArray(), CleanStart = false, ReceiveMaximum = 3, MaximumPacketBytes = 500, TopicAliasMaximum = 2,
        };
        ClientConnection connection = new(settings, session, output);
        Instant now = new(1000, 0);
        connection.Start();
        if (isConnected)
        {
            Begin(connection, session, version, ref trace);
        }

        List<byte> buffer = [];
        foreach (byte[] piece in stream.Chunk(pieceBytes))
        {
            buffer.AddRange(piece);
            for (int taken = -1; taken != 0 && buffer.Count > 0 && !output.IsPaused;)
            {
                byte[] given = [.. buffer];
                taken = connection.Receive(given, now, ref trace);
                Require(taken >= 0 && taken <= given.Length, $"{taken} of {given.Length} bytes were taken");
                Require(
                    taken > 0 || output.IsPaused || connection.NeededBytes > given.Length,
                    $"nothing was taken of {given.Length} bytes, {connection.NeededBytes} are needed");
                buffer.RemoveRange(0, taken);
            }
        }

        Require(connection.IsEnded == output.IsOver, "the connection ended without a close, or closed without an end");
        return trace.Told;
    }

    // Connected, with messages of both kinds and requests open under the identifiers of the samples.
    private static void Begin(ClientConnection connection, ClientSession session, MqttVersion version, ref ClientTrace trace)
    {
        Instant now = new(1000, 0);
        for (int i = 1; i <= 4; i++)
        {
            session.Add(new OutgoingMessage { Topic = "t"u8.ToArray(), Qos = (QualityOfService)(1 + (i % 2)), Tag = i });
        }

        connection.Receive(PacketBytes.Frame(0x20, version == MqttVersion.V5 ? [0, 0, 0] : [0, 0]), now, ref trace);
        connection.TrySubscribe(new EncodedFilters([0, 1, (byte)'t', 0], 1), 5, "subscribe", now);
        connection.TryUnsubscribe(new EncodedFilters([0, 1, (byte)'t'], 1), "unsubscribe", now);
    }
}
