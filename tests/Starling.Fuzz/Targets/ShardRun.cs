using Starling.Conformance.Wire;
using Starling.Fuzz.Fuzzing;
using Starling.Protocol;
using static Starling.Fuzz.Fuzzing.FuzzFailureException;

namespace Starling.Fuzz.Targets;

/// <summary>One run on a broker: clients that come, do what they may and what they may not, and go.</summary>
internal sealed class ShardRun
{
    private const int Slots = 5;

    private static readonly string[] Names = ["a", "b", "c", "d"];
    private static readonly string[] Topics = ["t", "t/0", "t/1", "x/y/z", "long/" + new string('l', 200)];
    private static readonly string[] Filters = ["#", "t", "t/+", "+/1", "x/#", "$share/g/t/#", "$share/h/#", "t/0"];

    private readonly FuzzBroker _broker;
    private readonly WatchedConnection?[] _slots = new WatchedConnection?[Slots];
    private readonly long _baseBytes;
    private int _identifier;

    public ShardRun(int shards)
    {
        _broker = new FuzzBroker(shards);

        // What a broker keeps for good once it was used is no leak: it is there from the first client on.
        CleanUp();
        _baseBytes = _broker.UsedBytes;
    }

    public void Step(FuzzInput choices)
    {
        int slot = choices.Below(Slots);
        if (_slots[slot] is not { IsOver: false } client)
        {
            _slots[slot] = Open(choices);
        }
        else
        {
            Do(client, choices);
        }

        if (choices.Flag())
        {
            _broker.Group.RunUntilIdle();
        }

        foreach (WatchedConnection? connection in _slots)
        {
            connection?.Read();
        }

        _broker.Check();
    }

    /// <summary>Everybody goes and everything is cleared: what was used is free again.</summary>
    public void End()
    {
        foreach (WatchedConnection? connection in _slots)
        {
            connection?.End(isReset: false);
        }

        _broker.Pass(30);
        CleanUp();
        _broker.Check();
        Require(_broker.Group.Loops.Sum(loop => loop.ConnectionCount) == 0, "a connection is left");
        Require(_broker.UsedBytes <= _baseBytes, $"{_broker.UsedBytes - _baseBytes} bytes more than in the beginning are used");
    }

    private WatchedConnection Open(FuzzInput choices)
    {
        MqttVersion version = choices.Choose(MqttVersion.V31, MqttVersion.V311, MqttVersion.V5, MqttVersion.V5, MqttVersion.V5);
        int receiveMaximum = choices.Choose(1, 2, 5, 100);
        byte[] properties =
        [
            .. Property.ReceiveMaximum(receiveMaximum),
            .. choices.Flag() ? Property.SessionExpiryInterval(choices.Choose<uint>(0, 1, 20, uint.MaxValue)) : [],
            .. choices.Flag() ? Property.MaximumPacketSize(choices.Choose<uint>(20, 60, 300)) : [],
            .. choices.Flag() ? Property.TopicAliasMaximum(choices.Choose(1, 3)) : [],
        ];
        ConnectFields fields = new(version, choices.Choose(Names))
        {
            CleanStart = choices.Flag(),
            KeepAlive = choices.Choose(0, 0, 3, 60),
            Properties = properties,
            Will = choices.Below(3) == 0
                ? new WireWill(choices.Choose(Topics), "will") { Qos = choices.Below(3), Retain = choices.Flag(), Properties = choices.Flag() ? Property.WillDelayInterval(2) : [] }
                : null,
        };
        WatchedConnection connection = new(_broker.Group.Open(choices.Below(_broker.Group.Loops.Count)), version, fields)
        {
            ReceiveMaximum = version == MqttVersion.V5 ? receiveMaximum : ushort.MaxValue,
        };
        connection.Send(PacketBytes.Connect(fields));
        return connection;
    }

    private void Do(WatchedConnection client, FuzzInput choices)
    {
        switch (choices.Below(16))
        {
            case <= 4:
                Publish(client, choices);
                break;
            case 5:
                Subscribe(client, choices);
                break;
            case 6:
                int unsubscribed = NextIdentifier();
                client.Send(PacketBytes.Unsubscribe(client.Version, unsubscribed, choices.Choose(Filters)), (PacketType.UnsubAck, unsubscribed));
                break;
            case 7 or 8 or 9:
                int[] open = [.. client.Deliveries.Where(delivery => delivery.Value > 0).Select(delivery => delivery.Key)];
                if (open.Length > 0)
                {
                    client.Acknowledge(open[choices.Below(Math.Min(open.Length, 256))], choices.Choose(ReasonCode.Success, ReasonCode.Success, ReasonCode.NotAuthorized));
                }

                break;
            case 10:
                Release(client, choices);
                break;
            case 11:
                client.SendPing();
                break;
            case 12:
                client.Peer.AcceptBytesMax = choices.Choose(0, 10, 1000, int.MaxValue, int.MaxValue);
                break;
            case 13:
                _broker.Pass(choices.Choose(0.01, 0.5, 2, 10));
                break;
            case 14:
                Leave(client, choices);
                break;
            default:
                client.SendWild(SamplePackets.OfClients[choices.Below(Math.Min(256, SamplePackets.OfClients.Count))]);
                break;
        }
    }

    private void Publish(WatchedConnection client, FuzzInput choices)
    {
        int qos = choices.Below(3);
        int identifier = qos == 0 ? 0 : NextIdentifier();
        WireMessage message = new(choices.Choose(Topics), new byte[choices.Choose(0, 1, 30, 900)])
        {
            Qos = qos,
            Retain = choices.Below(4) == 0,
            Duplicate = qos > 0 && choices.Below(8) == 0,
            Properties =
            [
                .. choices.Below(3) == 0 ? Property.MessageExpiryInterval(choices.Choose<uint>(1, 10)) : [],
                .. choices.Below(3) == 0 ? Property.TopicAlias(1 + choices.Below(3)) : [],
            ],
        };
        (PacketType, int)[] owed = qos == 0 ? [] : [(qos == 1 ? PacketType.PubAck : PacketType.PubRec, identifier)];
        client.Send(PacketBytes.Publish(client.Version, message, identifier), owed);
    }

    private void Subscribe(WatchedConnection client, FuzzInput choices)
    {
        int identifier = NextIdentifier();
        bool isV5 = client.Version == MqttVersion.V5;
        string filter = choices.Choose(Filters);
        int noLocal = isV5 && choices.Below(4) == 0 && filter[0] != '$' ? 4 : 0;
        int options = choices.Below(3) | noLocal | (isV5 ? choices.Choose(0, 8, 16, 32) : 0);
        byte[] properties = choices.Flag() ? Property.SubscriptionIdentifier(1 + choices.Below(3)) : [];
        client.Send(PacketBytes.Subscribe(client.Version, identifier, properties, (filter, options)), (PacketType.SubAck, identifier));
    }

    // PUBREL for a message of its own, or for one that never was.
    private void Release(WatchedConnection client, FuzzInput choices)
    {
        int identifier = Math.Max(1, _identifier - choices.Below(4));
        client.Send(PacketBytes.Acknowledge(PacketType.PubRel, identifier), (PacketType.PubComp, identifier));
    }

    private static void Leave(WatchedConnection client, FuzzInput choices)
    {
        int how = choices.Below(4);
        if (how < 2)
        {
            client.Send(how == 0 || client.Version != MqttVersion.V5 ? PacketBytes.Disconnect : PacketBytes.DisconnectWith(ReasonCode.DisconnectWithWill));
        }

        client.End(isReset: how == 3);
    }

    private int NextIdentifier() => _identifier = (_identifier % 60_000) + 1;

    // Every session is taken over and ended, and every retained message cleared.
    private void CleanUp()
    {
        foreach (string name in Names)
        {
            WatchedConnection client = new(_broker.Group.Open(), MqttVersion.V5, null);
            client.Send(PacketBytes.Connect(new ConnectFields(MqttVersion.V5, name)));
            foreach (string topic in Topics.Concat(["a/b/c", "w", "alias"]))
            {
                client.SendWild(PacketBytes.Publish(MqttVersion.V5, new WireMessage(topic, []) { Retain = true }));
            }

            client.SendWild(PacketBytes.Disconnect);
            _broker.Group.RunUntilIdle();
            client.End(isReset: false);
        }

        _broker.Pass(60);
    }
}
