using System.Net;
using System.Net.Sockets;
using Faults;
using Starling.CommitLog;
using Starling.Storage;

namespace Starling.Hosting.Tests;

/// <summary>The disk fails under a broker that serves.</summary>
public sealed class StorageFailureTests
{
    private static readonly byte[] Connect = [0x10, 18, 0, 4, .. "MQTT"u8, 5, 0, 0, 0, 5, 0x11, 0, 0, 1, 0, 0, 0];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failed_sync_disconnects_everybody_frees_the_port_and_is_told_by_completion()
    {
        MemoryLogDirectory directory = new();
        await using LogStore store = LogStore.Open(new LogStoreOptions
        {
            Directory = directory,
            Log = new CommitLogOptions { SegmentBytes = 1 << 20, FrameBytes = 1 << 18 },
            DiskFreeBytesMin = 0,
        });
        await using StarlingBroker broker = StarlingBroker.Start(
            new StarlingOptions
            {
                Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, 0))],
                Loops = 2,
                MemoryBudgetBytes = 32 << 20,
            },
            new StarlingServices { Store = store });
        directory.Fault = static call => call.Operation == LogOperation.Sync ? FaultKind.Error : null;

        using TcpClient client = new();
        await client.ConnectAsync(broker.EndPoints[0], Cancelled);
        await client.GetStream().WriteAsync(Connect, Cancelled);
        int answered = await ReadUntilClosedAsync(client.GetStream());
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => broker.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));

        // CONNACK of a persistent session waits for the commit that never came; a DISCONNECT before it would break the protocol.
        Assert.Equal(0, answered);
        Assert.NotEmpty(failure.Message);
        using TcpListener next = new(broker.EndPoints[0]);
        next.Start();
    }

    private static async Task<int> ReadUntilClosedAsync(NetworkStream stream)
    {
        byte[] buffer = new byte[256];
        int total = 0;
        try
        {
            while (await stream.ReadAsync(buffer, Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancelled) is int count and > 0)
            {
                total += count;
            }
        }
        catch (IOException)
        {
            // Reset instead of an end: gone all the same.
        }

        return total;
    }
}
