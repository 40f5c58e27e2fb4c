using CsCheck;
using Starling.Protocol.Connections;

namespace Starling.Protocol.Tests.Connections;

public sealed class ClientConnectionModelTests
{
    private enum Step
    {
        ClientSendsQos1,
        ClientSendsQos2,
        ServerSendsQos1,
        ServerSendsQos2,
        ServerReads,
        ClientReads,
        OwnerTakesNewest,
        OwnerTakesOldest,
        Cut,
    }

    private static readonly Gen<Step[]> Steps = Gen.Frequency(
        (2, Gen.Const(Step.ClientSendsQos1)),
        (3, Gen.Const(Step.ClientSendsQos2)),
        (2, Gen.Const(Step.ServerSendsQos1)),
        (3, Gen.Const(Step.ServerSendsQos2)),
        (10, Gen.Const(Step.ServerReads)),
        (10, Gen.Const(Step.ClientReads)),
        (4, Gen.Const(Step.OwnerTakesNewest)),
        (4, Gen.Const(Step.OwnerTakesOldest)),
        (2, Gen.Const(Step.Cut))).Array[0, 200];

    [Fact, Statement("MQTT-4.3.2-3"), Statement("MQTT-4.3.3-3"), Statement("MQTT-4.3.3-5")]
    public void Over_any_cuts_QoS_1_arrives_at_least_once_and_QoS_2_exactly_once_in_both_directions() => Steps.Sample(steps =>
    {
        Run run = new();
        foreach (Step step in steps)
        {
            run.Do(step);
        }

        run.Settle();
        run.AssertComplete();
    });

    [Fact]
    public void Any_bytes_of_a_server_end_in_a_violation_or_in_nothing() =>
        Gen.Select(Gen.Byte.Array[0, 60], Gen.OneOf(Gen.Const(MqttVersion.V31), Gen.Const(MqttVersion.V311), Gen.Const(MqttVersion.V5))).Sample((bytes, version) =>
        {
            ClientConnectionScript script = version == MqttVersion.V5
                ? ClientConnectionScript.Connected()
                : ClientConnectionScript.Connected(
                    ClientConnectionScript.ConnAckV3, new ClientConnectionSettings { Version = version, ClientIdentifier = "c"u8.ToArray() });
            int used = script.Receive(Convert.ToHexString(bytes));

            Assert.InRange(used, 0, bytes.Length);
        });

    [Fact]
    public void Any_packet_of_a_server_with_a_random_body_ends_in_a_violation_or_in_nothing() =>
        Gen.Select(Gen.Byte, Gen.Byte.Array[0, 40], Gen.Bool).Sample((first, body, isConnected) =>
        {
            ClientConnectionScript script = isConnected ? ClientConnectionScript.Connected() : new ClientConnectionScript();
            if (!isConnected)
            {
                script.Connection.Start();
            }

            script.Send(ClientConnectionScript.Message("m"), ClientConnectionScript.Message("n", qos: 2));
            script.Receive(Convert.ToHexString([first, (byte)body.Length, .. body]));

            Assert.True(script.Connection.IsEnded || !script.Output.IsClosed);
        });

    /// <summary>A client and a server, and the messages between them.</summary>
    private sealed class Run
    {
        private readonly ClientConnectionModelServer _server = new();
        private readonly ClientSession _session = new();
        private readonly List<string> _delivered = [];
        private readonly List<string> _completed = [];
        private readonly List<IncomingToken> _open = [];
        private readonly List<string> _clientSent = [];
        private readonly List<string> _serverSent = [];
        private ClientConnectionScript _client;
        private bool _isFirst = true;
        private int _tokensSeen;

        public Run() => _client = Connect();

        public void Do(Step step)
        {
            switch (step)
            {
                case Step.ClientSendsQos1 or Step.ClientSendsQos2:
                    string tag = $"{(step == Step.ClientSendsQos1 ? 1 : 2)}-{_clientSent.Count}";
                    _clientSent.Add(tag);
                    _client.Send(ClientConnectionScript.Message(tag, tag[0] - '0', payload: tag));
                    break;
                case Step.ServerSendsQos1 or Step.ServerSendsQos2 when _serverSent.Count < 200 && _client.Connection.IsConnected:
                    string payload = $"{(step == Step.ServerSendsQos1 ? 1 : 2)}-{_serverSent.Count}";
                    _serverSent.Add(payload);
                    _server.Send(payload, payload[0] - '0');
                    break;
                case Step.ServerReads:
                    _server.Step();
                    break;
                case Step.ClientReads:
                    _client.Receive(Convert.ToHexString(_server.NextToClient()));
                    break;
                case Step.OwnerTakesNewest or Step.OwnerTakesOldest when _open.Count > 0:
                    int index = step == Step.OwnerTakesNewest ? _open.Count - 1 : 0;
                    _client.Connection.Acknowledge(_open[index], ReasonCode.Success, _client.Now);
                    _open.RemoveAt(index);
                    break;
                case Step.Cut:
                    _client.TransportClosed();
                    _server.Cut();
                    _client = Connect();
                    break;
                default:
                    break;
            }

            Assert.True(_client.Connection.IsEnded || _client.Effects.End is null, _client.Effects.End?.ToString());
            Collect();
        }

        public void Settle()
        {
            while (_server.HasWork || _open.Count > 0)
            {
                Do(Step.OwnerTakesOldest);
                Do(Step.ServerReads);
                Do(Step.ClientReads);
            }
        }

        public void AssertComplete()
        {
            Assert.Null(_client.Effects.End);
            Assert.True(_session.IsIdle);
            Assert.Equal(_clientSent.Order(), _completed.Order());
            AssertArrived(_clientSent, _server.Taken);
            AssertArrived(_serverSent, _delivered);
        }

        // Each QoS keeps its order in first arrivals; QoS 2 has no second ones.
        private static void AssertArrived(List<string> sent, List<string> arrived)
        {
            Assert.Equal(sent.Where(IsQos1), arrived.Where(IsQos1).Distinct());
            Assert.Equal(sent.Where(payload => !IsQos1(payload)), arrived.Where(payload => !IsQos1(payload)));
        }

        private static bool IsQos1(string payload) => payload[0] == '1';

        private ClientConnectionScript Connect()
        {
            ClientConnectionScript client = new(session: _session);
            client.Connection.Start();
            client.Output.Take();
            _server.Accept(isSessionPresent: !_isFirst);
            client.Receive(Convert.ToHexString(_server.NextToClient()));
            _isFirst = false;
            _tokensSeen = 0;
            return client;
        }

        private void Collect()
        {
            _server.FromClient(_client.Output.Take());
            foreach (string told in _client.Effects.Told)
            {
                if (told.StartsWith("deliver t ", StringComparison.Ordinal))
                {
                    _delivered.Add(told["deliver t ".Length..]);
                    _open.Add(_client.Effects.Tokens[_tokensSeen++]);
                }
                else if (told.StartsWith("completed ", StringComparison.Ordinal))
                {
                    _completed.Add(told.Split(' ')[1]);
                }
            }

            _client.Effects.Told.Clear();
        }
    }
}
