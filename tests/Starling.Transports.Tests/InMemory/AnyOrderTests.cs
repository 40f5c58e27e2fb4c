using System.Buffers.Binary;
using CsCheck;
using Starling.Protocol.Loops;
using Starling.Transports.InMemory;

namespace Starling.Transports.Tests.InMemory;

/// <summary>
/// Packets of a length and that many bytes are echoed whole, while the connection pauses, moves and meets a slow peer at random: the
/// peer must get back what it sent.
/// </summary>
public sealed class AnyOrderTests
{
    private const int HeaderBytes = 4;

    [Fact]
    public void Every_byte_comes_back_in_order_whatever_happens() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, 90_000].Array[1, 6]).Sample((seed, lengths) =>
        {
            Random random = new(seed);
            TestClient[] clients = [.. Enumerable.Range(0, 3).Select(_ => new TestClient { RecordsCalls = false })];
            Array.ForEach(clients, client => client.OnAttach = connection =>
            {
                connection.OnReceive = (one, bytes) => Receive(one, bytes, random);
                return connection;
            });
            InMemoryLoopGroup group = new(clients.Length, index => clients[index]);
            InMemoryPeer peer = group.Open();
            byte[] sent = Packets(lengths, random);
            List<byte> echoed = [];

            for (int position = 0; position < sent.Length;)
            {
                int length = Math.Min(random.Next(1, 50_000), sent.Length - position);
                peer.Write(sent.AsSpan(position, length));
                position += length;
                peer.AcceptBytesMax = random.Next(0, 30_000);
                group.RunIteration();
                echoed.AddRange(peer.Read());
            }

            peer.AcceptBytesMax = int.MaxValue;
            group.RunUntilIdle();
            echoed.AddRange(peer.Read());
            Assert.True(echoed.ToArray().AsSpan().SequenceEqual(sent), $"{echoed.Count} of {sent.Length} bytes came back");
            peer.CloseByPeer();
            group.RunUntilIdle();
            Assert.Equal(ConnectionEnd.ByPeer, peer.End);
            Assert.Equal(0, group.Budget.UsedBytes);
        });

    private static int Receive(TestConnection connection, ReadOnlySpan<byte> bytes, Random random)
    {
        int taken = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = bytes[taken..];
            connection.NeededBytes = rest.Length < HeaderBytes ? HeaderBytes : HeaderBytes + BinaryPrimitives.ReadInt32BigEndian(rest);
            switch (random.Next(8))
            {
                case 0:
                    connection.Output.PauseReading();
                    connection.Client.Send(connection.Output.ResumeReading);
                    return taken;
                case 1 when connection.Output.PendingBytes == 0:
                    connection.Output.MoveTo(random.Next(3));
                    return taken;
            }

            if (rest.Length < connection.NeededBytes)
            {
                return taken;
            }

            connection.Append(rest[..connection.NeededBytes]);
            taken += connection.NeededBytes;
        }
    }

    private static byte[] Packets(int[] lengths, Random random)
    {
        byte[] bytes = new byte[lengths.Sum(length => HeaderBytes + length)];
        random.NextBytes(bytes);
        int position = 0;
        foreach (int length in lengths)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(position), length);
            position += HeaderBytes + length;
        }

        return bytes;
    }
}
