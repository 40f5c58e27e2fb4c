using Starling.Conformance.Inspection;
using Starling.Conformance.Running;
using Starling.Conformance.Targets;
using Starling.Protocol;

namespace Starling.Conformance.Wire;

/// <summary>
/// One connection on which a case writes what it likes, byte by byte, and reads packets. What comes and was not asked for waits in
/// order. Used by one flow of a case at a time.
/// </summary>
internal sealed class WireClient : IAsyncDisposable
{
    /// <summary>More than any case asks for, within one wait.</summary>
    private const long FloodBytes = 64 << 20;

    private readonly IByteStream _stream;
    private readonly CaseRun _run;
    private readonly ConnectionInspector _inspector;
    private readonly PacketBuffer _buffer;
    private readonly List<WirePacket> _waiting = [];
    private int _identifier;
    private bool _isAccepted;

    public WireClient(IByteStream stream, CaseRun run, MqttVersion version)
    {
        _stream = stream;
        _run = run;
        _inspector = new ConnectionInspector(run.Inspections);
        _buffer = new PacketBuffer(version);
        Version = version;
    }

    public MqttVersion Version { get; }

    /// <summary>Whether the server has closed the connection, and everything that came before was read off it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>A Packet Identifier that this connection has not used before.</summary>
    public int NextIdentifier() => (_identifier++ % ushort.MaxValue) + 1;

    /// <summary>Sends bytes of any kind. A server that has closed the connection takes them no more, which is seen when reading.</summary>
    public async Task SendAsync(params byte[] bytes) => await _stream.SendAsync(bytes, _run.Cancellation).ConfigureAwait(false);

    /// <summary>Sends a well-formed CONNECT, which is noted for what it asks of the server.</summary>
    public Task SendConnectAsync(ConnectFields fields)
    {
        _inspector.OnConnect(fields);
        return SendAsync(PacketBytes.Connect(fields));
    }

    /// <summary>Breaks the connection without a word, as a failing network does.</summary>
    public void Abort() => _stream.Abort();

    /// <summary>The next packet in order; null when the server has closed. Silence for longer than the limit fails the case.</summary>
    public async Task<WirePacket?> ReadAsync(TimeSpan? limit = null)
    {
        TimeSpan wait = limit ?? _run.Target.Patience;
        if (!await FillAsync(wait, static waiting => waiting.Count > 0).ConfigureAwait(false) && !IsClosed)
        {
            throw new CaseFailedException($"neither a packet nor the end of the connection came within {Seconds(wait)}");
        }

        return _waiting.Count == 0 ? null : TakeAt(0);
    }

    /// <summary>All packets that have come, at least one; none when the limit passes in silence or the server has closed.</summary>
    public async Task<IReadOnlyList<WirePacket>> ReadAllAsync(TimeSpan? limit = null)
    {
        await FillAsync(limit ?? _run.Target.Patience, static waiting => waiting.Count > 0).ConfigureAwait(false);
        WirePacket[] came = [.. _waiting];
        _waiting.Clear();
        return came;
    }

    /// <summary>The next packet, which must be of this type.</summary>
    public async Task<WirePacket> ExpectAsync(PacketType type, TimeSpan? limit = null)
    {
        WirePacket? packet = await ReadNamingAsync(type, limit).ConfigureAwait(false);
        return packet?.Type == type
            ? packet
            : throw new CaseFailedException($"{type} was due; {packet?.ToString() ?? "the connection was closed"}");
    }

    /// <summary>The first packet of this type; what came before it waits on.</summary>
    public Task<WirePacket> TakeAsync(PacketType type, TimeSpan? limit = null) =>
        TakeAsync(packet => packet.Type == type, type.ToString(), limit);

    /// <summary>The first packet that is meant; what came before it waits on.</summary>
    public async Task<WirePacket> TakeAsync(Predicate<WirePacket> isMeant, string name, TimeSpan? limit = null)
    {
        TimeSpan wait = limit ?? _run.Target.Patience;
        if (!await FillAsync(wait, waiting => waiting.Exists(isMeant)).ConfigureAwait(false))
        {
            string came = _waiting.Count == 0 ? "nothing came" : "there came " + string.Join(", ", _waiting);
            throw new CaseFailedException($"{name} was due; {(IsClosed ? "the connection was closed and " : "")}{came} within {Seconds(wait)}");
        }

        return TakeAt(_waiting.FindIndex(isMeant));
    }

    /// <summary>Everything that has come and was not asked for, after the server has been given time to send more.</summary>
    public async Task<IReadOnlyList<WirePacket>> DrainAsync(TimeSpan? quiet = null)
    {
        await FillAsync(quiet ?? _run.Target.Quiet, static _ => false).ConfigureAwait(false);
        WirePacket[] came = [.. _waiting];
        _waiting.Clear();
        return came;
    }

    /// <summary>Nothing comes, and the connection stays.</summary>
    public async Task ExpectQuietAsync(TimeSpan? quiet = null)
    {
        IReadOnlyList<WirePacket> came = await DrainAsync(quiet).ConfigureAwait(false);
        _run.Require(came.Count == 0, $"nothing was due; there came {string.Join(", ", came)}");
        _run.Require(!IsClosed, "the connection should have stayed; it was closed");
    }

    /// <summary>The connection still works: PINGREQ is answered. Other packets that came wait on.</summary>
    public async Task PingAsync()
    {
        await SendAsync(PacketBytes.PingReq).ConfigureAwait(false);
        await TakeAsync(PacketType.PingResp).ConfigureAwait(false);
    }

    /// <summary>
    /// The server closes the connection. In 5.0 a last CONNACK or DISCONNECT may say why, with one of the codes; in 3.x nothing may.
    /// Other packets that were on the way are let through.
    /// </summary>
    /// <returns>The code; null when nothing was said.</returns>
    public async Task<ReasonCode?> ExpectEndAsync(params ReasonCode[] allowed)
    {
        TimeSpan limit = _run.Target.Patience;
        await FillAsync(_run.Target.Quiet, static _ => false).ConfigureAwait(false);
        if (!IsClosed && _isAccepted)
        {
            // A server that answers a PINGREQ has let the fault pass, and need not be waited for.
            await SendAsync(PacketBytes.PingReq).ConfigureAwait(false);
        }

        await FillAsync(limit, static waiting => waiting.Exists(packet => packet.Type == PacketType.PingResp)).ConfigureAwait(false);
        string came = _waiting.Count == 0 ? "nothing came" : "there came " + string.Join(", ", _waiting);
        _run.Require(IsClosed, $"the server should have closed the connection; it was open and {came}");
        WirePacket? last = _waiting.Count == 0 ? null : _waiting[^1];
        _waiting.Clear();
        if (last is not { Type: PacketType.ConnAck or PacketType.Disconnect })
        {
            _run.Note("says before it closes", "nothing");
            return null;
        }

        _run.Require(Version == MqttVersion.V5 || last.Type == PacketType.ConnAck, $"{last} came, which a server of 3.x does not send");

        // That a broken CONNECT of 3.x gets no CONNACK is a rule of its own; here any code that refuses will do.
        bool isAllowed = Version == MqttVersion.V5 ? allowed.Contains(last.Reason) : last.Reason != ReasonCode.Success;
        _run.Require(isAllowed, $"{last} came; allowed: {string.Join(", ", allowed.Select(code => $"{(int)code:X2}"))}");
        _run.Note("says before it closes", last.ToString());
        return last.Reason;
    }

    /// <summary>
    /// Sends bytes for which the server must close the connection. PINGREQ goes behind them once the client is accepted, so that a server
    /// which goes on is seen by its answer instead of being waited for.
    /// </summary>
    /// <returns>The code that the server gave; null when it said nothing.</returns>
    public async Task<ReasonCode?> SendRefusedAsync(byte[] bytes, params ReasonCode[] allowed)
    {
        static bool GoesOn(WirePacket packet) =>
            packet is { Type: PacketType.PingResp or PacketType.Auth } or { Type: PacketType.ConnAck, Reason: ReasonCode.Success };

        await SendAsync(_isAccepted ? [.. bytes, .. PacketBytes.PingReq] : bytes).ConfigureAwait(false);
        if (await FillAsync(_run.Target.Patience, waiting => waiting.Exists(GoesOn)).ConfigureAwait(false))
        {
            await FillAsync(_run.Target.Quiet, static _ => false).ConfigureAwait(false);
            _run.Require(IsClosed, $"the server should have closed the connection; it went on and there came {string.Join(", ", _waiting)}");
        }

        // It has had all the time there is: waiting once more would only make a run against a silent server long.
        _run.Require(IsClosed, "the server should have closed the connection; it was open and silent");

        return await ExpectEndAsync(allowed).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<WirePacket?> ReadNamingAsync(PacketType type, TimeSpan? limit)
    {
        try
        {
            return await ReadAsync(limit).ConfigureAwait(false);
        }
        catch (CaseFailedException e)
        {
            throw new CaseFailedException($"{type} was due; {e.Message}");
        }
    }

    private WirePacket TakeAt(int index)
    {
        WirePacket packet = _waiting[index];
        _waiting.RemoveAt(index);
        return packet;
    }

    /// <summary>Reads until enough packets wait, the connection has ended or the time is over.</summary>
    /// <returns>Whether enough wait.</returns>
    private async Task<bool> FillAsync(TimeSpan limit, Predicate<List<WirePacket>> isEnough)
    {
        TimeSpan end = _run.Target.Now + limit;
        TimeSpan left = limit;
        long cameBytes = 0;
        while (!isEnough(_waiting))
        {
            // A server that never stops sending must not hold the case longer than silence would.
            if (IsClosed || left < TimeSpan.Zero)
            {
                return false;
            }

            _run.Cancellation.ThrowIfCancellationRequested();
            left = end - _run.Target.Now;
            int count = await _stream.ReceiveAsync(_buffer.Room(), left > TimeSpan.Zero ? left : TimeSpan.Zero, _run.Cancellation).ConfigureAwait(false);
            if (count < 0)
            {
                return false;
            }

            IsClosed = count == 0;
            cameBytes += count;
            _run.Require(cameBytes <= FloodBytes, $"the server sends without end: {cameBytes >> 20} MiB came in one wait");
            _buffer.Add(count);
            while (_buffer.Take() is { } packet)
            {
                _isAccepted |= packet is { Type: PacketType.ConnAck, Reason: ReasonCode.Success };
                _inspector.OnPacket(packet);
                _waiting.Add(packet);
            }
        }

        return true;
    }

    private static string Seconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.##} s");
}
