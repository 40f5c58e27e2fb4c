using System.Net;
using System.Net.Sockets;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Wire;

/// <summary>A connection on which a test writes what it likes, byte by byte, and reads packets. Used by one test at a time.</summary>
internal sealed class WireClient : IAsyncDisposable
{
    private const int ReadBytes = 64 * 1024;

    private readonly Socket _socket;
    private byte[] _buffer = new byte[ReadBytes];
    private int _start;
    private int _end;
    private bool _closed;

    private WireClient(Socket socket, Level level)
    {
        _socket = socket;
        Level = level;
    }

    public Level Level { get; }

    public string ClientIdentifier { get; private set; } = "";

    public string LocalAddress => _socket.LocalEndPoint?.ToString() ?? "";

    /// <summary>Opens the connection and sends nothing.</summary>
    public static async Task<WireClient> OpenAsync(int port, Level level)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using CancellationTokenSource patience = Patience.Start();
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), patience.Token);
        return new WireClient(socket, level);
    }

    /// <summary>Opens the connection and sends CONNECT; the CONNACK is whatever it is, null for a close.</summary>
    public static async Task<(WireClient Client, ReceivedPacket? ConnAck)> TryConnectAsync(int port, ConnectFields fields)
    {
        WireClient client = await OpenAsync(port, fields.Level);
        client.ClientIdentifier = fields.ClientIdentifier;
        await client.SendAsync(PacketBytes.Connect(fields));
        return (client, await client.ReadAsync());
    }

    public static async Task<WireClient> ConnectAsync(int port, ConnectFields fields) => (await ConnectFullyAsync(port, fields)).Client;

    public static async Task<(WireClient Client, ReceivedPacket ConnAck)> ConnectFullyAsync(int port, ConnectFields fields)
    {
        (WireClient client, ReceivedPacket? connAck) = await TryConnectAsync(port, fields);
        Assert.NotNull(connAck);
        Assert.Equal((PacketKind.ConnAck, 0), (connAck.Kind, connAck.Reason));
        return (client, connAck);
    }

    public async Task SendAsync(params byte[] bytes)
    {
        using CancellationTokenSource patience = Patience.Start(Patience.Long);
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await _socket.SendAsync(bytes.AsMemory(sent), patience.Token);
        }
    }

    /// <summary>Sends what the broker may cut off while it is written.</summary>
    public async Task TrySendAsync(params byte[] bytes)
    {
        try
        {
            await SendAsync(bytes);
        }
        catch (SocketException)
        {
            // The broker has closed the connection, which is what the test is about to look at.
        }
    }

    public Task PublishAsync(Message message, int identifier = 0, params byte[] properties) =>
        SendAsync(PacketBytes.Publish(Level, message, identifier, properties));

    /// <summary>The codes of SUBACK.</summary>
    public async Task<byte[]> SubscribeAsync(params (string Filter, int Options)[] filters)
    {
        await SendAsync(PacketBytes.Subscribe(Level, 1, filters));
        return (await ExpectAsync(PacketKind.SubAck)).Codes;
    }

    /// <summary>These filters, the last of which is refused: by its code, or in 3.1, whose SUBACK has no code for it, by a close.</summary>
    public async Task AssertLastIsRefusedAsync(int reason, byte[] granted, params (string Filter, int Options)[] filters)
    {
        if (Level == Level.V31)
        {
            await SendAsync(PacketBytes.Subscribe(Level, 1, filters));
            await AssertEndedAsync(reason);
            return;
        }

        const int Failure3x = 0x80;
        byte[] expected = [.. granted, (byte)(Level == Level.V50 ? reason : Failure3x)];
        byte[] codes = await SubscribeAsync(filters);
        Assert.Equal(expected, codes);
    }

    /// <summary>Shows that the broker has handled all that was sent, and that nothing else was on its way.</summary>
    public async Task PingAsync()
    {
        await SendAsync(PacketBytes.PingReq);
        await ExpectAsync(PacketKind.PingResp);
    }

    /// <summary>The next packet; null when the broker has closed the connection.</summary>
    public async Task<ReceivedPacket?> ReadAsync(TimeSpan? limit = null)
    {
        using CancellationTokenSource patience = Patience.Start(limit);
        while (true)
        {
            if (TryTakePacket(out ReceivedPacket? packet))
            {
                return packet;
            }

            if (_closed)
            {
                return null;
            }

            await ReceiveAsync(patience.Token);
        }
    }

    public async Task<ReceivedPacket> ExpectAsync(PacketKind kind, TimeSpan? limit = null)
    {
        ReceivedPacket? packet = await ReadAsync(limit);
        if (packet?.Kind != kind)
        {
            Assert.Fail($"{kind} was due, {packet?.ToString() ?? "the connection was closed"}.");
        }

        return packet;
    }

    /// <summary>The broker says why in 5.0, just closes in 3.x, and nothing comes before that.</summary>
    public async Task AssertEndedAsync(int reason)
    {
        if (Level == Level.V50)
        {
            Assert.Equal($"{reason:X2}", $"{(await ExpectAsync(PacketKind.Disconnect)).Reason:X2}");
        }

        ReceivedPacket? packet = await ReadAsync();
        Assert.True(packet is null, $"The connection should have been closed; {packet} came.");
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool TryTakePacket(out ReceivedPacket? packet)
    {
        packet = null;
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, _end - _start);
        int lengthEnd = 1;
        while (lengthEnd < bytes.Length && bytes[lengthEnd] >= 128)
        {
            lengthEnd++;
        }

        if (lengthEnd >= bytes.Length)
        {
            return false;
        }

        int length = PropertyReader.VariableByte(bytes[1..], out int lengthBytes);
        if (bytes.Length < 1 + lengthBytes + length)
        {
            return false;
        }

        packet = new ReceivedPacket(Level, bytes[0], bytes.Slice(1 + lengthBytes, length));
        _start += 1 + lengthBytes + length;
        return true;
    }

    private async Task ReceiveAsync(CancellationToken cancellation)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        try
        {
            int received = await _socket.ReceiveAsync(_buffer.AsMemory(_end), cancellation);
            _end += received;
            _closed = received == 0;
        }
        catch (SocketException)
        {
            _closed = true;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Neither a packet nor the end of the connection came in time for {ClientIdentifier}.");
        }
    }
}
