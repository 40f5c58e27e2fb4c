using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Starling.Protocol.Loops;
using Starling.Transports.Streams;
using Starling.Transports.Tests.Sockets;

namespace Starling.Transports.Tests.Streams;

/// <summary>What the seam promises, kept over every stream and both kinds of loops.</summary>
public sealed class StreamConnectionTests
{
    public static TheoryData<StreamKind, LoopKind> AllKinds => StreamHarness.AllKinds;

    [Theory, MemberData(nameof(AllKinds))]
    public async Task Bytes_pass_in_both_directions_in_order(StreamKind stream, LoopKind loop)
    {
        await using StreamHarness harness = new(stream, loop);
        (Stream peer, _) = await harness.ConnectAsync();
        byte[] sent = Harness.Pattern(3_000_000);

        Task writing = WriteInPiecesAsync(peer, sent);
        byte[] echo = await ReadAsync(peer, sent.Length);
        await writing;

        AssertSame(sent, echo);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task Output_counts_as_pending_until_the_peer_takes_it(StreamKind stream, LoopKind loop)
    {
        await using StreamHarness harness = new(stream, loop);
        (Stream peer, TestConnection connection) = await harness.ConnectAsync();
        byte[] sent = Harness.Pattern(20_000_000);

        await harness.Client.Ask(() =>
        {
            connection.Append(sent);
            return true;
        });
        int pending = await harness.Client.Ask(() => connection.Output.PendingBytes);
        byte[] received = await ReadAsync(peer, sent.Length);

        Assert.InRange(pending, 10_000_000, sent.Length);
        AssertSame(sent, received);
        await Harness.Until(() => connection.DrainedCalls == 1);
        Assert.Equal(0, await harness.Client.Ask(() => connection.Output.PendingBytes));
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_paused_connection_holds_its_peer_back_and_loses_nothing(StreamKind stream, LoopKind loop)
    {
        await using StreamHarness harness = new(stream, loop);
        (Stream peer, TestConnection connection) = await harness.ConnectAsync();
        List<byte> received = [];
        connection.OnReceive = (_, bytes) =>
        {
            received.AddRange(bytes);
            return bytes.Length;
        };
        await harness.Client.Ask(() =>
        {
            connection.Output.PauseReading();
            return true;
        });
        byte[] sent = Harness.Pattern(20_000_000);

        Task writing = WriteInPiecesAsync(peer, sent);
        await Harness.Until(() => writing.Status == TaskStatus.WaitingForActivation);
        bool heldBack = !writing.IsCompleted;
        long whilePaused = await harness.Client.Ask(() => received.Count);
        harness.Client.Send(connection.Output.ResumeReading);
        await writing;
        await Harness.Until(() => Volatile.Read(ref received).Count == sent.Length);

        Assert.Equal((true, 0L), (heldBack, whilePaused));
        AssertSame(sent, CollectionsMarshal.AsSpan(received));
        Assert.True(harness.Budget.UsedBytes < 1_000_000);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task What_is_not_taken_is_given_again_with_what_follows(StreamKind stream, LoopKind loop)
    {
        await using StreamHarness harness = new(stream, loop);
        (Stream peer, TestConnection connection) = await harness.ConnectAsync();
        connection.NeededBytes = 200_000;
        connection.OnReceive = (self, bytes) => bytes.Length < 200_000 ? 0 : self.Echo(bytes);
        byte[] sent = Harness.Pattern(200_000);

        await WriteInPiecesAsync(peer, sent);

        byte[] echo = await ReadAsync(peer, sent.Length);
        AssertSame(sent, echo);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_close_sends_all_that_is_pending_and_then_the_end(StreamKind stream, LoopKind loop)
    {
        await using StreamHarness harness = new(stream, loop);
        (Stream peer, TestConnection connection) = await harness.ConnectAsync();
        byte[] last = Harness.Pattern(5_000_000);

        harness.Client.Send(() =>
        {
            connection.Append(last);
            connection.Output.Close();
        });

        byte[] received = await ReadAsync(peer, last.Length);
        AssertSame(last, received);
        Assert.Equal(0, await peer.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        await peer.DisposeAsync();
        Assert.Equal(ConnectionEnd.ByUs, await EndOf(connection));
        await Harness.Until(() => harness.Budget.UsedBytes == 0);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_close_is_over_after_a_while_though_the_peer_does_nothing(StreamKind stream, LoopKind loop)
    {
        await using StreamHarness harness = new(stream, loop);
        (_, TestConnection connection) = await harness.ConnectAsync();

        harness.Client.Send(connection.Output.Close);

        Assert.Equal(ConnectionEnd.ByUs, await EndOf(connection));
        await Harness.Until(() => harness.Budget.UsedBytes == 0);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task An_abort_forgets_what_is_pending(StreamKind stream, LoopKind loop)
    {
        await using StreamHarness harness = new(stream, loop);
        (Stream peer, TestConnection connection) = await harness.ConnectAsync();

        harness.Client.Send(() =>
        {
            connection.Append(new byte[20_000_000]);
            connection.Output.Abort();
        });

        Assert.Equal(ConnectionEnd.ByUs, await EndOf(connection));
        await Harness.Until(() => harness.Budget.UsedBytes == 0);
        Assert.True(await CountToEndAsync(peer) < 20_000_000);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task An_orderly_end_of_the_peer_is_told_after_its_last_bytes(StreamKind stream, LoopKind loop)
    {
        await using StreamHarness harness = new(stream, loop);
        (Stream peer, TestConnection connection) = await harness.ConnectAsync();
        int received = 0;
        connection.OnReceive = (_, bytes) =>
        {
            received += bytes.Length;
            return bytes.Length;
        };

        await peer.WriteAsync(new byte[100_000], TestContext.Current.CancellationToken);
        await EndAsync(peer);

        Assert.Equal((ConnectionEnd.ByPeer, 100_000), (await EndOf(connection), received));
        await Harness.Until(() => harness.Budget.UsedBytes == 0);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task What_the_peer_said_last_is_read_though_nothing_can_be_sent_to_it_any_more(StreamKind stream, LoopKind loop)
    {
        await using StreamHarness harness = new(stream, loop);
        (Stream peer, TestConnection connection) = await harness.ConnectAsync();
        int received = 0;
        connection.OnReceive = (_, bytes) =>
        {
            received += bytes.Length;
            return bytes.Length;
        };
        await harness.Client.Ask(() =>
        {
            connection.Append(new byte[20_000_000]);
            return true;
        });

        await peer.WriteAsync(new byte[5], TestContext.Current.CancellationToken);
        await peer.DisposeAsync();

        Assert.NotEqual(ConnectionEnd.ByUs, await EndOf(connection));
        Assert.Equal(5, received);
        await Harness.Until(() => harness.Budget.UsedBytes == 0);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_group_that_stops_ends_its_streams(StreamKind stream, LoopKind loop)
    {
        StreamHarness harness = new(stream, loop);
        (_, TestConnection connection) = await harness.ConnectAsync();

        await harness.DisposeAsync();

        Assert.Equal(ConnectionEnd.ByUs, await EndOf(connection));
    }

    [Fact]
    public async Task A_plain_connection_works_beside_streams()
    {
        await using StreamHarness harness = new(StreamKind.Tls);
        Task<NetworkStream> accepting = harness.Server.AcceptPlainAsync();
        await harness.Group.ConnectAsync(0, harness.Server.EndPoint, default, TestContext.Current.CancellationToken);
        NetworkStream peer = await accepting;

        await peer.WriteAsync(new byte[] { 1, 2, 3 }, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3], await ReadAsync(peer, 3));
    }

    [Fact]
    public async Task Loops_that_were_not_asked_for_streams_open_none()
    {
        using StreamServer server = new(StreamKind.Tls);
        await using Harness harness = new(LoopKind.Automatic, 1);

        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await harness.Group.ConnectAsync(0, server.Target(), default, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_stages_are_told_in_order()
    {
        await using StreamHarness harness = new(StreamKind.SecureWebSocket);
        ConnectTarget like = harness.Server.Target();
        List<TransportStage> stages = [];

        await harness.ConnectAsync(new ConnectTarget { EndPoint = like.EndPoint, Tls = like.Tls, WebSocket = like.WebSocket, Reached = stages.Add });

        Assert.Equal([TransportStage.Dns, TransportStage.Tcp, TransportStage.Tls, TransportStage.WebSocket], stages);
    }

    /// <summary>As an assertion on the arrays would say, in a thousandth of its time.</summary>
    private static void AssertSame(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual) =>
        Assert.Equal((expected.Length, expected.Length), (actual.Length, expected.CommonPrefixLength(actual)));

    private static Task<ConnectionEnd> EndOf(TestConnection connection) => connection.Closing.Task.WaitAsync(Harness.Patience);

    private static async Task EndAsync(Stream peer)
    {
        switch (peer)
        {
            case WebSocketBytes webSocket:
                await webSocket.EndWritingAsync();
                break;
            case SslStream tls:
                await tls.ShutdownAsync();
                break;
            case NetworkStream plain:
                plain.Socket.Shutdown(SocketShutdown.Send);
                break;
        }
    }

    private static async Task WriteInPiecesAsync(Stream peer, byte[] bytes)
    {
        int[] lengths = [1, 17, 4096, 65536, 250_000];
        int i = 0;
        for (int written = 0; written < bytes.Length; i++)
        {
            int length = Math.Min(lengths[i % lengths.Length], bytes.Length - written);
            await peer.WriteAsync(bytes.AsMemory(written, length), TestContext.Current.CancellationToken);
            written += length;
        }
    }

    private static async Task<byte[]> ReadAsync(Stream peer, int length)
    {
        using CancellationTokenSource timeout = new(Harness.Patience);
        byte[] bytes = new byte[length];
        for (int read = 0; read < length;)
        {
            int received = await peer.ReadAsync(bytes.AsMemory(read), timeout.Token);
            read += received > 0 ? received : throw new EndOfStreamException($"End after {read} of {length} bytes.");
        }

        return bytes;
    }

    private static async Task<long> CountToEndAsync(Stream peer)
    {
        using CancellationTokenSource timeout = new(Harness.Patience);
        byte[] buffer = new byte[65536];
        long count = 0;
        try
        {
            for (int received = 1; received > 0; count += received)
            {
                received = await peer.ReadAsync(buffer, timeout.Token);
            }
        }
        catch (IOException)
        {
            // A reset is an end, too.
        }

        return count;
    }
}
