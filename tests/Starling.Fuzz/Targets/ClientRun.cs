using System.Globalization;
using Starling.Conformance.Wire;
using Starling.Fuzz.Fuzzing;
using Starling.Protocol;
using Starling.Protocol.Connections;
using static Starling.Fuzz.Fuzzing.FuzzFailureException;

namespace Starling.Fuzz.Targets;

/// <summary>One run of a client's session over its connections. Every message ends once, and no QoS 2 message is delivered twice.</summary>
internal sealed class ClientRun
{
    private readonly MqttVersion _version;
    private readonly ClientSession _session = new(isResumed: true);
    private readonly ClientPeer _server;
    private ClientTrace _trace = new();
    private ClientConnection _connection;
    private FuzzOutput _output = new();
    private long _now = 1000;
    private int _messages;

    public ClientRun(FuzzInput choices)
    {
        _version = choices.Choose(MqttVersion.V31, MqttVersion.V311, MqttVersion.V5, MqttVersion.V5);
        _server = new ClientPeer(_version);
        _connection = Connect(choices.Flag(), choices.Choose(1, 2, 50));
    }

    private Instant Now => new(_now, 0);

    public void Step(FuzzInput choices)
    {
        // A server that has lost its connection answers nothing; a new one is opened soon.
        switch (_connection.IsEnded ? 14 - choices.Below(4) : choices.Below(16))
        {
            case 0 or 1 or 2:
                Add(1 + choices.Below(2), choices.Choose(0, 0, 0, 3000));
                break;
            case 3 or 4:
                Receive(_server.AnswerNext(choices));
                break;
            case 5:
                Receive(_server.Publish(choices.Below(3)));
                break;
            case 6:
                Receive(_server.ReleaseNext());
                break;
            case 7 or 8:
                Acknowledge(choices);
                break;
            case 9:
                _connection.TrySubscribe(new EncodedFilters([0, 1, (byte)'t', 0], 1), 1, "subscribe", Now);
                break;
            case 10:
                _connection.TryUnsubscribe(new EncodedFilters([0, 1, (byte)'t'], 1), "unsubscribe", Now);
                break;
            case 11:
                _now += choices.Choose(10, 10_000, 100_000);
                _connection.Advance(Now, ref _trace);
                break;
            case 12:
                _connection.SetReading(choices.Choose(OwnerRoom.Free, OwnerRoom.Full, OwnerRoom.Exhausted), Now);
                break;
            case 13:
                _output.PendingBytes = choices.Choose(0, 0, 1 << 20);
                _connection.SendWaiting(Now, ref _trace);
                break;
            case 14:
                Reconnect(choices.Below(4) != 0, choices.Choose(1, 2, 50));
                break;
            default:
                Misbehave(choices);
                break;
        }

        Follow();
    }

    /// <summary>A last connection on which everything is answered: then every message has ended, once.</summary>
    public void End()
    {
        Reconnect(true, 10);
        Follow();
        for (int i = 0; i < 10_000 && (!_session.IsIdle || _server.HasOpen); i++)
        {
            AcknowledgeAll();
            Receive(_server.AnswerNext(new FuzzInput([])));
            Receive(_server.ReleaseNext());
            Follow();
        }

        Require(_session.IsIdle, $"{_session.OpenMessages} messages are open and {_session.WaitingMessages} wait, though everything was answered");
        for (int tag = 1; tag <= _messages; tag++)
        {
            Require(_trace.Ends.GetValueOrDefault(tag) == 1, $"message {tag} ended {_trace.Ends.GetValueOrDefault(tag)} times");
        }

        Require(_trace.DeliveredOnce.Count == _trace.DeliveredOnce.Distinct().Count(), "a QoS 2 message was delivered twice");
    }

    private void Add(int qos, int payloadBytes)
    {
        _session.Add(new OutgoingMessage
        {
            Topic = "t"u8.ToArray(),
            Payload = new byte[payloadBytes],
            Qos = (QualityOfService)qos,
            Tag = ++_messages,
            ExpiresAtUtcMilliseconds = qos == 1 ? null : 5_000,
        });
        _connection.SendWaiting(Now, ref _trace);
    }

    private void Receive(byte[] bytes)
    {
        // While nothing is read the bytes wait in the socket; here they are held back by the server instead, which knows it.
        if (bytes.Length == 0 || _connection.IsEnded)
        {
            return;
        }

        byte[] rest = bytes;
        for (int rounds = 0; rest.Length > 0; rounds++)
        {
            Require(rounds < 3, "the client does not go on reading although everything was acknowledged");
            int taken = _connection.Receive(rest, Now, ref _trace);
            Require(taken >= 0 && taken <= rest.Length, $"{taken} of {rest.Length} bytes were taken");
            rest = rest[taken..];
            if (taken == 0 && rest.Length > 0)
            {
                Require(_version != MqttVersion.V5, "whole packets are left");
                AcknowledgeAll();
                Follow();
            }
        }
    }

    private void Acknowledge(FuzzInput choices)
    {
        if (_trace.Tokens.Count > 0)
        {
            int index = choices.Below(Math.Min(256, _trace.Tokens.Count));
            _connection.Acknowledge(_trace.Tokens[index], choices.Choose(ReasonCode.Success, ReasonCode.Success, ReasonCode.QuotaExceeded), Now);

            // A token may be used again, which changes nothing.
            if (choices.Flag())
            {
                _trace.Tokens.RemoveAt(index);
            }
        }
    }

    private void AcknowledgeAll()
    {
        foreach (IncomingToken token in _trace.Tokens)
        {
            _connection.Acknowledge(token, ReasonCode.Success, Now);
        }

        _trace.Tokens.Clear();
    }

    // A server that breaks the rules loses the connection, and nothing else happens.
    private void Misbehave(FuzzInput choices)
    {
        byte[][] faults =
        [
            [0x00, 0x00], [0x36, 0x05, 0, 1, (byte)'t', 0, 1], [0xD1, 0x00], [0x20, 0x02, 0, 0], [0xC0, 0x00], [0x90, 0x03, 0xFF, 0xFF, 0],
            PacketBytes.Publish(_version, new WireMessage("a/#", "x")),
        ];
        byte[] fault = faults[choices.Below(faults.Length)];
        if (_connection.IsConnected)
        {
            _connection.Receive(fault, Now, ref _trace);
            Require(_connection.IsEnded || _output.IsPaused || _version != MqttVersion.V5, $"{Convert.ToHexString(fault)} did not end the connection");
        }
    }

    private void Reconnect(bool isSessionPresent, int receiveMaximum)
    {
        _connection.TransportClosed(ref _trace);
        Follow();
        _connection = Connect(isSessionPresent, receiveMaximum);
    }

    private ClientConnection Connect(bool isSessionPresent, int receiveMaximum)
    {
        _output = new FuzzOutput();
        _trace.Begin();
        ClientConnectionSettings settings = new()
        {
            Version = _version, ClientIdentifier = "c"u8.ToArray(), CleanStart = false, ReceiveMaximum = 5, SessionExpiryIntervalSeconds = 100,
        };
        ClientConnection connection = new(settings, _session, _output);
        connection.Start();
        _output.Take();

        // 3.1 has no word for a session that is gone.
        bool isKept = isSessionPresent || _version == MqttVersion.V31;
        byte[] limits = [.. Property.ReceiveMaximum(receiveMaximum), .. Property.MaximumPacketSize(2000)];
        byte[] connAck = _version == MqttVersion.V5
            ? PacketBytes.Frame(0x20, new ByteWriter().Byte(isKept ? 1 : 0).Byte(0).Block(limits).ToArray())
            : [0x20, 2, (byte)(isKept && _version == MqttVersion.V311 ? 1 : 0), 0];
        _connection = connection;
        Receive(connAck);
        Require(connection.IsConnected, $"the client refuses {string.Format(CultureInfo.InvariantCulture, "CONNACK with session present {0}", isKept)}");
        _server.Connected(isKept, _version == MqttVersion.V5 ? receiveMaximum : ushort.MaxValue);
        Follow();
        foreach (byte[] packet in _server.Resend())
        {
            Receive(packet);
        }

        return connection;
    }

    private void Follow()
    {
        byte[] bytes = _output.Take();
        Require(_connection.IsEnded == _output.IsOver || _connection is { IsEnded: true }, "closed without an end");
        _server.Read(bytes);
    }
}
