using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>A subscriber with a persistent session that may lose its connection with packets it has not looked at.</summary>
internal sealed class ModelSubscriber
{
    private readonly BrokerHarness _broker;
    private readonly string _name;
    private readonly int _receiveMaximum;
    private readonly Queue<ReceivedPacket> _unread = new();
    private readonly HashSet<int> _received = [];
    private TestClient _client;

    public ModelSubscriber(BrokerHarness broker, string name, (string Filter, int Qos) subscription, int receiveMaximum)
    {
        _broker = broker;
        _name = name;
        _receiveMaximum = receiveMaximum;
        Subscription = subscription;
        _client = Begin();
        _client.SendSubscribe(1, 0, _client.Filter(subscription.Filter, subscription.Qos));
        broker.Run();
    }

    public (string Filter, int Qos) Subscription { get; }

    /// <summary>What the client's application has got, in order.</summary>
    public List<string> Got { get; } = [];

    /// <summary>Looks at so many packets; false if there was none.</summary>
    public bool Read(int count)
    {
        _client.ReadAll().ForEach(_unread.Enqueue);
        bool any = _unread.Count > 0;
        while (count-- > 0 && _unread.TryDequeue(out ReceivedPacket? packet))
        {
            bool isNew = packet.Type == PacketType.Publish
                && (packet.Qos != QualityOfService.ExactlyOnce || _received.Add(packet.PacketIdentifier));
            if (isNew)
            {
                Got.Add(packet.Text);
            }
            else if (packet.Type == PacketType.PubRel)
            {
                _received.Remove(packet.PacketIdentifier);
            }

            _client.AnswerDelivery(packet);
        }

        return any;
    }

    public void Reconnect(int how)
    {
        Leave(_client, how);
        _unread.Clear();
        _client = Begin();
    }

    /// <summary>Closes, resets, or leaves the connection to be taken over.</summary>
    public static void Leave(TestClient client, int how)
    {
        if (how % 3 == 0)
        {
            client.Peer.CloseByPeer();
        }
        else if (how % 3 == 1)
        {
            client.Peer.ResetByPeer();
        }
    }

    private TestClient Begin()
    {
        TestClient client = _broker.Open();
        ConnectPacket packet = client.NewConnect(_name, false, uint.MaxValue);
        packet.ReceiveMaximum = (ushort)_receiveMaximum;
        client.Send(packet);
        return client;
    }
}
