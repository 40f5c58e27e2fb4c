using CsCheck;
using Starling.Protocol.Connections;
using Starling.Protocol.Tests.Packets;

namespace Starling.Protocol.Tests.Connections;

/// <summary>A network may cut a stream of bytes anywhere: what a connection makes of it must not depend on that.</summary>
public sealed class PieceTests
{
    private static readonly Gen<MqttVersion> Version = Gen.OneOf(MqttVersion.V31, MqttVersion.V311, MqttVersion.V5);

    /// <summary>Where pieces end; without any, each byte is a piece.</summary>
    private static readonly Gen<int[]> Cuts = Gen.Int[0, 400].Array[0, 12];

    private static readonly Gen<PacketVerdict[]> Verdicts = Gen.Frequency(
        (8, Gen.Const(PacketVerdict.Continue)),
        (1, Gen.Const(PacketVerdict.Pause)),
        (1, Gen.Const(PacketVerdict.Retry))).Array[0, 8].Select(verdicts => (PacketVerdict[])[.. verdicts, PacketVerdict.Continue]);

    [Fact]
    public void A_server_tells_the_same_wherever_the_bytes_of_a_client_are_cut() =>
        Gen.Select(Version.SelectMany(version => Stream(version, fromClient: true)), Cuts, Verdicts).Sample(
            (stream, cuts, verdicts) => Assert.Equal(ServerOver([stream], verdicts), ServerOver(Cut(stream, cuts), verdicts)),
            iter: 5_000);

    [Fact]
    public void A_server_tells_the_same_wherever_any_bytes_are_cut() =>
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Bool, Cuts).Sample(
            (noise, isConnect, cuts) =>
            {
                byte[] stream = isConnect ? [0x10, .. noise] : noise;
                Assert.Equal(ServerOver([stream], [PacketVerdict.Continue]), ServerOver(Cut(stream, cuts), [PacketVerdict.Continue]));
            },
            iter: 5_000);

    [Fact]
    public void A_client_tells_and_answers_the_same_wherever_the_bytes_of_a_server_are_cut() =>
        Gen.Select(Version.SelectMany(version => Stream(version, fromClient: false).Select(stream => (version, stream))), Gen.Bool, Cuts).Sample(
            (sample, isConnected, cuts) => Assert.Equal(
                ClientOver(sample.version, isConnected, [sample.stream]), ClientOver(sample.version, isConnected, Cut(sample.stream, cuts))),
            iter: 5_000);

    /// <summary>The packet that must come first, and others of either direction; some with changed bytes, so that all is not well at any place.</summary>
    private static Gen<byte[]> Stream(MqttVersion version, bool fromClient)
    {
        byte[][] valid = [.. ValidPackets.All.Where(example => example.Version == version).Select(example => example.Bytes)];
        byte[][] first = [.. valid.Where(packet => packet[0] == (fromClient ? 0x10 : 0x20))];
        byte[][] usual = [.. valid.Where(packet => IsUsual((PacketType)(packet[0] >> 4), fromClient))];
        Gen<byte[]> any = Gen.Frequency(
            (20, Gen.OneOf(usual)),
            (1, Gen.OneOf(valid)),
            (1, Gen.Select(Gen.OneOf(valid), Gen.Int[0, 99], Gen.Byte).Select((packet, place, value) => Changed(packet, place, value))),
            (1, Gen.Byte.Array[0, 9]));
        return Gen.Select(Gen.OneOf(first), any.Array[0, 10]).Select((one, others) => (byte[])[.. one, .. others.SelectMany(packet => packet)]);
    }

    private static bool IsUsual(PacketType type, bool fromClient) => type switch
    {
        PacketType.Publish or PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp => true,
        PacketType.Subscribe or PacketType.Unsubscribe or PacketType.PingReq => fromClient,
        PacketType.PingResp => !fromClient,
        _ => false,
    };

    private static byte[] Changed(byte[] packet, int place, byte value)
    {
        byte[] changed = [.. packet];
        changed[place % packet.Length] = value;
        return changed;
    }

    private static List<byte[]> Cut(byte[] stream, int[] cuts)
    {
        int[] ends = cuts.Length == 0
            ? [.. Enumerable.Range(1, stream.Length)]
            : [.. cuts.Select(cut => stream.Length == 0 ? 0 : cut % stream.Length).Order(), stream.Length];
        List<byte[]> pieces = [];
        int start = 0;
        foreach (int end in ends)
        {
            pieces.Add(stream[start..end]);
            start = end;
        }

        return pieces;
    }

    private static List<string> ServerOver(List<byte[]> pieces, PacketVerdict[] verdicts)
    {
        ServerConnection connection = new(new ServerConnectionSettings { ReceiveMaximum = 5 });
        ServerConnectionEffects effects = new(connection, verdicts);
        byte[] waiting = [];
        foreach (byte[] piece in pieces)
        {
            waiting = [.. waiting, .. piece];
            do
            {
                effects.IsStopped = false;
                waiting = waiting[connection.Receive(waiting, ref effects)..];
            }
            while (effects.IsStopped && connection.Phase != ServerConnectionPhase.Ended);
        }

        return [.. effects.Told, $"{connection.Phase}, {connection.Version}, {connection.OpenPublishes} open, left {Convert.ToHexString(waiting)}"];
    }

    private static List<string> ClientOver(MqttVersion version, bool isConnected, List<byte[]> pieces)
    {
        ClientConnectionSettings settings = new() { Version = version, ClientIdentifier = "c"u8.ToArray(), CleanStart = false };
        ClientConnectionScript script = isConnected
            ? ClientConnectionScript.Connected(
                version == MqttVersion.V5 ? ClientConnectionScript.ConnAckV5 : ClientConnectionScript.ConnAckV3, settings)
            : new ClientConnectionScript(settings);
        if (isConnected)
        {
            script.Send(ClientConnectionScript.Message("m"), ClientConnectionScript.Message("n", qos: 2));
        }
        else
        {
            script.Connection.Start();
        }

        byte[] waiting = [];
        foreach (byte[] piece in pieces)
        {
            waiting = [.. waiting, .. piece];
            waiting = waiting[script.Receive(Convert.ToHexString(waiting))..];
        }

        string sent = Convert.ToHexString(script.Output.Take());
        return [.. script.Effects.Told, $"sent {sent}, closed {script.Output.IsClosed}, left {Convert.ToHexString(waiting)}"];
    }
}
