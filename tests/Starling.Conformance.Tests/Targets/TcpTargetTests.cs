using System.Net;
using System.Net.Sockets;
using Starling.Conformance.Targets;

namespace Starling.Conformance.Tests.Targets;

public sealed class TcpTargetTests
{
    [Theory]
    [InlineData("localhost", "mqtt://localhost:1883")]
    [InlineData("127.0.0.1", "mqtt://127.0.0.1:1883")]
    [InlineData("::1", "mqtt://[::1]:1883")]
    public void Name_is_the_URL(string host, string name) => Assert.Equal(name, new TcpTarget(host, 1883, TimeProvider.System).Name);

    [Fact]
    public async Task Port_where_nobody_listens_is_lost()
    {
        using TcpListener listener = Listen(IPAddress.Loopback);
        TcpTarget target = TargetOf(listener);
        listener.Stop();

        TargetLostException lost = await Assert.ThrowsAsync<TargetLostException>(async () => await target.OpenAsync(default));

        Assert.StartsWith($"{target.Name} cannot be reached: ", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_without_an_address_is_lost_and_says_so()
    {
        TcpTarget target = new("no-such-host.invalid", 1883, TimeProvider.System);

        TargetLostException lost = await Assert.ThrowsAsync<TargetLostException>(async () => await target.OpenAsync(default));

        Assert.Equal("mqtt://no-such-host.invalid:1883 cannot be reached: no address is known for this name", lost.Message);
    }

    [Fact]
    public async Task Cancelling_is_not_losing()
    {
        using TcpListener listener = Listen(IPAddress.Loopback);
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await TargetOf(listener).OpenAsync(cancelled.Token));
    }

    [Fact]
    public async Task IPv6_works_as_well()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this machine has no IPv6.");
        using TcpListener listener = Listen(IPAddress.IPv6Loopback);

        await using IByteStream stream = await TargetOf(listener).OpenAsync(default);
        using Socket peer = await listener.AcceptSocketAsync();
        await stream.SendAsync(new byte[] { 7 }, default);

        byte[] came = new byte[1];
        Assert.Equal(1, await peer.ReceiveAsync(came));
        Assert.Equal(7, came[0]);
    }

    [Fact]
    public async Task Silence_is_minus_one_and_later_bytes_still_come()
    {
        using TcpListener listener = Listen(IPAddress.Loopback);
        await using IByteStream stream = await TargetOf(listener).OpenAsync(default);
        using Socket peer = await listener.AcceptSocketAsync();
        byte[] came = new byte[4];

        Assert.Equal(-1, await stream.ReceiveAsync(came, TimeSpan.Zero, default));
        await peer.SendAsync(new byte[] { 1, 2 });
        Assert.Equal(2, await stream.ReceiveAsync(came, TimeSpan.FromSeconds(10), default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task End_of_a_connection_is_0_whether_closed_or_reset(bool isReset)
    {
        using TcpListener listener = Listen(IPAddress.Loopback);
        await using IByteStream stream = await TargetOf(listener).OpenAsync(default);
        Socket peer = await listener.AcceptSocketAsync();
        peer.LingerState = new LingerOption(isReset, 0);
        peer.Dispose();

        Assert.Equal(0, await stream.ReceiveAsync(new byte[4], TimeSpan.FromSeconds(10), default));
    }

    [Fact]
    public async Task Sending_into_a_reset_connection_is_told_and_not_thrown()
    {
        using TcpListener listener = Listen(IPAddress.Loopback);
        await using IByteStream stream = await TargetOf(listener).OpenAsync(default);
        Socket peer = await listener.AcceptSocketAsync();
        peer.LingerState = new LingerOption(true, 0);
        peer.Dispose();
        await stream.ReceiveAsync(new byte[4], TimeSpan.FromSeconds(10), default);

        Assert.False(await stream.SendAsync(new byte[] { 1 }, default));
    }

    [Fact]
    public async Task Aborting_resets_the_connection()
    {
        using TcpListener listener = Listen(IPAddress.Loopback);
        IByteStream stream = await TargetOf(listener).OpenAsync(default);
        using Socket peer = await listener.AcceptSocketAsync();

        stream.Abort();

        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () => await peer.ReceiveAsync(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    private static TcpListener Listen(IPAddress address)
    {
        TcpListener listener = new(address, 0);
        listener.Start();
        return listener;
    }

    private static TcpTarget TargetOf(TcpListener listener)
    {
        IPEndPoint address = (IPEndPoint)listener.LocalEndpoint;
        return new TcpTarget(address.Address.ToString(), address.Port, TimeProvider.System);
    }
}
