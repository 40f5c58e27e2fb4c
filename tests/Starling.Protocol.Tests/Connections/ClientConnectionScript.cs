using System.Text;
using Starling.Protocol.Connections;
using Starling.Protocol.Tests.Packets;

namespace Starling.Protocol.Tests.Connections;

/// <summary>Plays a server, in hexadecimal, against a client connection on virtual time.</summary>
internal sealed class ClientConnectionScript
{
    public const string ConnAckV5 = "20 03 00 00 00";
    public const string ConnAckV5SessionPresent = "20 03 01 00 00";
    public const string ConnAckV3 = "20 02 00 00";

    private ClientConnectionEffects _effects = new();

    public ClientConnectionScript(ClientConnectionSettings? settings = null, ClientSession? session = null)
    {
        Settings = settings ?? new ClientConnectionSettings { ClientIdentifier = "c"u8.ToArray(), CleanStart = false };
        Session = session ?? new ClientSession();
        Connection = new ClientConnection(Settings, Session, Output);
    }

    public ClientConnectionSettings Settings { get; }

    public ClientSession Session { get; }

    public ClientConnection Connection { get; }

    public ClientConnectionOutput Output { get; } = new();

    public ClientConnectionEffects Effects => _effects;

    public long NowMilliseconds { get; set; } = 1_000;

    public Instant Now => new(NowMilliseconds, 0);

    /// <summary>A connection that has been accepted, with nothing left over from that.</summary>
    public static ClientConnectionScript Connected(
        string connAck = ConnAckV5, ClientConnectionSettings? settings = null, ClientSession? session = null)
    {
        ClientConnectionScript script = new(settings, session);
        script.Connection.Start();
        script.Output.Take();
        script.Receive(connAck);
        Assert.StartsWith("accepted", script.Effects.Told.Last(told => !told.StartsWith("unknown", StringComparison.Ordinal)));
        script.Effects.Told.Clear();
        return script;
    }

    public static ClientConnectionScript ConnectedV311(ClientConnectionSettings? settings = null, ClientSession? session = null) =>
        Connected(ConnAckV3, (settings ?? new ClientConnectionSettings { ClientIdentifier = "c"u8.ToArray() }) with { Version = MqttVersion.V311 }, session);

    public static OutgoingMessage Message(string tag, int qos = 1, bool retain = false, string payload = "x") => new()
    {
        Topic = "a"u8.ToArray(),
        Payload = Encoding.UTF8.GetBytes(payload),
        Qos = (QualityOfService)qos,
        Retain = retain,
        Tag = tag,
    };

    public int Receive(string hex) => Connection.Receive(Wire.Bytes(hex), Now, ref _effects);

    public void Send(params ReadOnlySpan<OutgoingMessage> messages)
    {
        foreach (OutgoingMessage message in messages)
        {
            Session.Add(message);
        }

        Connection.SendWaiting(Now, ref _effects);
    }

    public void Acknowledge(int delivery, ReasonCode reason = ReasonCode.Success) =>
        Connection.Acknowledge(Effects.Tokens[delivery], reason, Now);

    public void Disconnect(ReasonCode reason = ReasonCode.Success) => Connection.Disconnect(reason, null, ref _effects);

    public void TransportClosed() => Connection.TransportClosed(ref _effects);

    public void Pass(long milliseconds)
    {
        NowMilliseconds += milliseconds;
        Connection.Advance(Now, ref _effects);
    }

    /// <summary>What was sent since the last look is this.</summary>
    public void AssertSent(string hex) => Assert.Equal(Convert.ToHexString(Wire.Bytes(hex)), Convert.ToHexString(Output.Take()));

    public void AssertTold(params string[] told)
    {
        Assert.Equal(told, Effects.Told);
        Effects.Told.Clear();
    }

    /// <summary>The connection ended because of this, said so in DISCONNECT, and closed.</summary>
    public void AssertViolation(ReasonCode reason, string statement)
    {
        Assert.Equal(new ClientEnd(ClientEndKind.Violation, reason, statement), Effects.End);
        Assert.EndsWith($"E001{(byte)reason:X2}", Convert.ToHexString(Output.Take()), StringComparison.Ordinal);
        Assert.True(Output.IsClosed);
    }
}
