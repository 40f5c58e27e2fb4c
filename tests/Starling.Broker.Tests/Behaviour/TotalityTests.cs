using CsCheck;
using Microsoft.Extensions.Logging;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Whatever bytes a connection sends: the broker does not throw, and nobody else notices.</summary>
public sealed class TotalityTests
{
    private static readonly string[] Packets =
    [
        "101D00044D5154540502003C0E1100000E10210002270000100022000300 0161",
        "101000044D5154540402003C000474657374",
        "100F00064D51497364700302003C000161",
        "3205000174000100", "30060003612F6200", "34150003612F6200050C0102000000102300010900017801", "3B08000174000200780079",
        "8208000100000174 02", "820B0002020B05000323 2F6101", "820F0003000009 24 73 68 61 72 65 2F 67 2F 01",
        "A2060004000001 74", "40020001", "5003000110", "62020001", "7002000192", "C000", "E000", "E00204 00", "F000", "F00218 00",
    ];

    private static readonly Gen<byte[]> Packet = Gen.Select(
        Gen.Int[0, Packets.Length - 1],
        Gen.Select(Gen.Int[0, 1000], Gen.Byte).List[0, 3],
        Gen.Int[0, 4],
        (index, changes, cut) => Mutate(Convert.FromHexString(Packets[index].Replace(" ", "", StringComparison.Ordinal)), changes, cut));

    private static readonly Gen<byte[]> Noise = Gen.Byte.Array[0, 60];

    [Fact]
    public void Random_and_mutated_bytes_never_throw_and_never_disturb_another_connection() =>
        Gen.Select(Gen.Bool, Gen.Frequency((4, Packet), (1, Noise)).List[1, 8], Gen.Int[1, 2]).Sample(
            (isConnected, pieces, shards) => Feed(isConnected, pieces, shards), iter: 1000, threads: 1);

    private static void Feed(bool isConnected, List<byte[]> pieces, int shards)
    {
        BrokerHarness broker = new(shards, BrokerHarness.Options with { ConnectTimeout = TimeSpan.FromSeconds(2) });
        TestClient witness = broker.Subscriber("witness", "witness/#", 1);
        TestClient hostile = isConnected ? broker.Connect("hostile") : broker.Open();
        foreach (byte[] piece in pieces)
        {
            hostile.Send(piece);
            broker.Run();
            hostile.Peer.Read();
        }

        broker.PassSeconds(1);
        witness.Publish("witness/own", "x", 1, 1);
        witness.Ping();
        Assert.Contains(witness.Drain(), packet => packet.Topic == "witness/own");
        Assert.False(witness.IsClosed);
        Assert.DoesNotContain(broker.Log.Lines, line => line.Level >= LogLevel.Error);
        hostile.Peer.CloseByPeer();
        broker.PassSeconds(5);
        Assert.Equal(1, broker.Counters.ConnectionsNow);
        Assert.DoesNotContain(broker.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    private static byte[] Mutate(byte[] packet, List<(int Position, byte Value)> changes, int cut)
    {
        foreach ((int position, byte value) in changes)
        {
            packet[position % packet.Length] = value;
        }

        return cut == 1 ? packet[..^1] : packet;
    }
}
