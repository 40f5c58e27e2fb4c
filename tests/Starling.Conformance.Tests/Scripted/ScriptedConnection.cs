using System.Runtime.InteropServices;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>One connection at the side of the server: cuts packets from bytes, passes them on, and ends when one breaks a rule.</summary>
internal sealed class ScriptedConnection
{
    private const double ConnectSeconds = 3;
    private const int MaximumLength = 0xFFFFFFF;
    private readonly List<byte> _input = [];
    private readonly ScheduledCall _connectDeadline;
    private readonly Stack<Action> _late = new();
    private int _taken;
    private bool _isShortest;

    public ScriptedConnection(ScriptedServer server)
    {
        Server = server;
        Replies = new Replies(this);
        _connectDeadline = server.Has(Fault.SilentConnectionKept)
            ? new ScheduledCall(Close)
            : server.Clock.ScheduleSeconds(ConnectSeconds, Close);
    }

    public ScriptedServer Server { get; }

    public Fault Fault => Server.Fault;

    public Replies Replies { get; }

    public ByteQueue Outbox { get; } = new();

    /// <summary>None until a CONNECT has said it.</summary>
    public MqttVersion Version { get; private set; }

    public bool IsV5 => Version == MqttVersion.V5;

    /// <summary>What CONNECT asked for; null until it was read.</summary>
    public ConnectRequest? Request { get; set; }

    /// <summary>Null until CONNECT was accepted.</summary>
    public ScriptedSession? Session { get; set; }

    /// <summary>Whether the server made up the Client Identifier.</summary>
    public bool IsIdentifierAssigned { get; set; }

    public Exchange? Authentication { get; set; }

    public IncomingAliases Aliases { get; } = new();

    public OutgoingAliases OutgoingAliases { get; } = new();

    /// <summary>QoS 2 messages of this connection that the client has not released.</summary>
    public HashSet<int> OpenIdentifiers { get; } = [];

    public KeepAlive? KeepAlive { get; set; }

    public bool IsClosed { get; private set; }

    /// <summary>Bytes from the client.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        _input.AddRange(bytes);
        try
        {
            while (!IsClosed && TakePacket())
            {
            }

            _input.RemoveRange(0, _taken);
            _taken = 0;
            Demand(_input.Count == 0 || !Has(Fault.PacketInPiecesRefused), ReasonCode.MalformedPacket);
            while (_late.TryPop(out Action? answer))
            {
                answer();
            }
        }
        catch (RefusalException e)
        {
            Fail(e.Reason, e.IsConnectionKept);
        }
    }

    public void Send(int firstByte, byte[] body)
    {
        if (!IsClosed)
        {
            Outbox.Add(Has(Fault.LongNumbersSent) && body.Length < 128 && firstByte == 0x40
                ? [(byte)firstByte, (byte)(body.Length | 128), 0, .. body]
                : PacketBytes.Frame(firstByte, body));
        }
    }

    /// <summary>Answers when everything that came together was handled, the last first.</summary>
    public void AnswerLater(Action answer) => _late.Push(answer);

    /// <summary>The client broke a rule, or is not let in: says so where the version has words for it, and closes.</summary>
    public void Fail(ReasonCode reason, bool isConnectionKept = false)
    {
        if (Session is not null || Has(Fault.DisconnectBeforeConnAck))
        {
            Replies.Disconnect(reason);
        }
        else
        {
            Replies.RefuseConnect(reason);
        }

        bool isKept = Session is not null
            ? (Has(Fault.OldConnectionKept) && reason == ReasonCode.SessionTakenOver)
                || (Has(Fault.TopicAliasErrorKept) && reason == ReasonCode.TopicAliasInvalid)
            : (Has(Fault.RefusedConnectionKept) && reason == ReasonCode.BadUserNameOrPassword)
                || (Has(Fault.RefusedIdentifierKept) && reason == ReasonCode.ClientIdentifierNotValid);
        if (!isKept && !isConnectionKept)
        {
            Close();
        }
    }

    /// <summary>The connection is over, from whichever side.</summary>
    public void Close()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            _connectDeadline.Cancel();
            KeepAlive?.Stop();
            Session?.OnClosed(this);
        }
    }

    public bool Has(Fault fault) => Server.Has(fault);

    private bool TakePacket()
    {
        ReadOnlySpan<byte> bytes = CollectionsMarshal.AsSpan(_input)[_taken..];
        int length = 0;
        for (int i = 1; i < bytes.Length; i++)
        {
            length |= (bytes[i] & 127) << (7 * (i - 1));
            if (bytes[i] >= 128)
            {
                Demand(i < 4 || (i < 8 && Has(Fault.FifthLengthByteTolerated)), ReasonCode.MalformedPacket);
                continue;
            }

            _isShortest = i == 1 || bytes[i] > 0 || Has(Fault.LongNumbersTolerated);
            Demand(_isShortest || !IsV5, ReasonCode.MalformedPacket);
            int size = 1 + i + (length & MaximumLength);
            bool isSizeChecked = !Has(Fault.MaximumPacketSizeOfServerIgnored) && i <= 4;
            Demand(size <= ScriptedServer.MaximumPacketSize || !isSizeChecked, ReasonCode.PacketTooLarge);
            if (bytes.Length < size)
            {
                return false;
            }

            _taken += size;
            OnPacket(bytes[0], bytes.Slice(1 + i, length & MaximumLength).ToArray());
            return true;
        }

        return false;
    }

    private void OnPacket(byte firstByte, byte[] body)
    {
        PacketType type = (PacketType)(firstByte >> 4);
        FieldReader reader = new(body, Fault);
        if (Request is not null)
        {
            KeepAlive?.OnPacket();
            PacketDispatch.OnPacket(this, type, firstByte & 15, reader);
            return;
        }

        if (type != PacketType.Connect)
        {
            if (Has(Fault.PacketBeforeConnectTolerated))
            {
                _connectDeadline.Cancel();
                return;
            }

            Close();
            return;
        }

        Demand((firstByte & 15) == 0 || Has(Fault.ConnectFlagsTolerated), ReasonCode.MalformedPacket);
        Version = ConnectParser.ReadVersion(reader, Fault);
        Demand(_isShortest || !IsV5, ReasonCode.MalformedPacket);
        Request = ConnectParser.ReadFields(reader, Version, Fault);
        _connectDeadline.Cancel();
        Connecting.OnConnect(this, Request);
        if (Has(Fault.PacketBehindConnectDropped))
        {
            _taken = _input.Count;
        }
    }

    private static void Demand(bool condition, ReasonCode reason)
    {
        if (!condition)
        {
            throw new RefusalException(reason);
        }
    }
}
