using System.Net;
using System.Net.Sockets;
using Starling.CommitLog;
using Starling.Storage;

namespace Starling.Hosting.Tests;

/// <summary>A broker on a data directory.</summary>
public sealed class DurableBrokerTests : IDisposable
{
    private static readonly byte[] Connect = [0x10, 18, 0, 4, .. "MQTT"u8, 5, 0, 0, 0, 5, 0x11, 0, 0, 1, 0, 0, 0];
    private static readonly byte[] Retained = [0x33, 7, 0, 1, .. "t"u8, 0, 9, 0, .. "x"u8];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_was_acknowledged_is_there_after_a_restart_with_any_number_of_loops(int loops)
    {
        await using (StarlingBroker first = StarlingBroker.Start(On("data")))
        {
            Assert.Equal(0, first.Recovery?.Retained);
            await PublishRetainedAsync(first);
        }

        await using StarlingBroker second = StarlingBroker.Start(On("data") with { Loops = loops });

        Assert.Equal(1, second.Recovery?.Retained);
    }

    [Fact]
    public async Task Stop_unlocks_the_directory()
    {
        await StarlingBroker.Start(On("data")).StopAsync();

        await using StarlingBroker second = StarlingBroker.Start(On("data"));

        Assert.Equal(2u, second.Recovery?.Generation);
    }

    [Fact]
    public async Task Directory_of_a_running_broker_is_locked()
    {
        await using StarlingBroker first = StarlingBroker.Start(On("data"));

        StarlingStartException refusal = Assert.Throws<StarlingStartException>(() => StarlingBroker.Start(On("data")));

        Assert.Equal(StartFailure.DataLocked, refusal.Failure);
        Assert.Contains(_folder.At("data"), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_that_fails_on_a_busy_port_leaves_the_directory_unlocked()
    {
        await using StarlingBroker other = StarlingBroker.Start(On("other"));
        StarlingOptions busy = On("data") with { Listeners = [new ListenerAddress(other.EndPoints[0])] };
        Assert.Equal(StartFailure.Listener, Assert.Throws<StarlingStartException>(() => StarlingBroker.Start(busy)).Failure);

        await using StarlingBroker second = StarlingBroker.Start(On("data"));

        Assert.NotNull(second.Recovery);
    }

    [Fact]
    public async Task Memory_leaves_the_directory_alone()
    {
        await using StarlingBroker broker = StarlingBroker.Start(On("data") with { Durability = Durability.Memory });

        Assert.Null(broker.Recovery);
        Assert.False(Directory.Exists(_folder.At("data")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => broker.BackupAsync(_folder.At("backup"), null, Cancelled));
    }

    [Fact]
    public async Task Store_of_the_program_is_used_without_a_directory_and_left_open()
    {
        await using LogStore store = LogStore.Open(new LogStoreOptions { Directory = new LogDirectory(_folder.At("own")) });
        StarlingOptions options = On("data") with { DataDirectory = null };

        await using (StarlingBroker broker = StarlingBroker.Start(options, new StarlingServices { Store = store }))
        {
            await PublishRetainedAsync(broker);
        }

        Assert.False(store.Faulted.IsCompleted);
        Assert.Throws<StoreException>(() => LogStore.Open(new LogStoreOptions { Directory = new LogDirectory(_folder.At("own")) }));
    }

    [Fact]
    public async Task Backup_is_a_data_directory_of_its_own()
    {
        await using StarlingBroker broker = StarlingBroker.Start(On("data"));
        await PublishRetainedAsync(broker);

        await broker.BackupAsync(_folder.At("backup"), null, Cancelled);

        await using StarlingBroker copy = StarlingBroker.Start(On("backup"));
        Assert.Equal(1, copy.Recovery?.Retained);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Backup_that_is_given_up_leaves_the_target_as_it_was(bool isThere)
    {
        await using StarlingBroker broker = StarlingBroker.Start(On("data"));
        if (isThere)
        {
            Directory.CreateDirectory(_folder.At("backup"));
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => broker.BackupAsync(_folder.At("backup"), null, new CancellationToken(canceled: true)));

        Assert.Equal(isThere, Directory.Exists(_folder.At("backup")));
        Assert.False(isThere && Directory.EnumerateFileSystemEntries(_folder.At("backup")).Any());
        await broker.BackupAsync(_folder.At("backup"), null, Cancelled);
    }

    [Fact]
    public async Task Backup_into_a_directory_with_something_in_it_touches_nothing()
    {
        await using StarlingBroker broker = StarlingBroker.Start(On("data"));
        Directory.CreateDirectory(_folder.At("backup"));
        await File.WriteAllTextAsync(_folder.At("backup/mine"), "precious", Cancelled);

        StoreException refusal = await Assert.ThrowsAsync<StoreException>(() => broker.BackupAsync(_folder.At("backup"), null, Cancelled));

        Assert.Equal(StoreFailure.NotEmpty, refusal.Failure);
        Assert.Equal("precious", await File.ReadAllTextAsync(_folder.At("backup/mine"), Cancelled));
    }

    private StarlingOptions On(string name) => new()
    {
        Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, 0))],
        DataDirectory = _folder.At(name),
        SegmentBytes = 1 << 20,
        Loops = 2,
        MemoryBudgetBytes = 32 << 20,
    };

    private static async Task PublishRetainedAsync(StarlingBroker broker)
    {
        using TcpClient client = new();
        await client.ConnectAsync(broker.EndPoints[0], Cancelled);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync((ReadOnlyMemory<byte>)(byte[])[.. Connect, .. Retained], Cancelled);

        // CONNACK, then PUBACK of identifier 9: it is stored.
        await ReadPacketAsync(stream, 0x20);
        byte[] acknowledgement = await ReadPacketAsync(stream, 0x40);
        Assert.Equal(9, acknowledgement[1]);
    }

    private static async Task<byte[]> ReadPacketAsync(NetworkStream stream, byte first)
    {
        byte[] header = new byte[2];
        await stream.ReadExactlyAsync(header, Cancelled);
        byte[] body = new byte[header[1]];
        await stream.ReadExactlyAsync(body, Cancelled);
        Assert.Equal(first, header[0]);
        return body;
    }
}
