using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>A publisher with a persistent session that sends again what was not answered when its connection is lost.</summary>
internal sealed class ModelPublisher(BrokerHarness broker, string name)
{
    private readonly List<Open> _open = [];
    private TestClient _client = Begin(broker, name);
    private int _published;

    public List<ModelMessage> Published { get; } = [];

    public bool IsIdle => _open.Count == 0;

    public void Publish(string topic, int qos)
    {
        _published++;
        ModelMessage message = new(name, _published, topic, qos);
        Published.Add(message);
        _open.Add(new Open(message, false));
        _client.Publish(topic, message.Text, qos, _published);
    }

    public void Read()
    {
        foreach (ReceivedPacket packet in _client.ReadAll())
        {
            int index = _open.FindIndex(open => open.Message.Number == packet.PacketIdentifier);
            if (packet.Type == PacketType.PubRec)
            {
                _client.PubRel(packet.PacketIdentifier);
                if (index >= 0)
                {
                    _open[index] = _open[index] with { IsReleased = true };
                }
            }
            else if (packet.Type is PacketType.PubAck or PacketType.PubComp && index >= 0)
            {
                _open.RemoveAt(index);
            }
        }
    }

    public void Reconnect(int how)
    {
        ModelSubscriber.Leave(_client, how);
        _client = Begin(broker, name);
        foreach (Open open in _open)
        {
            if (open.IsReleased)
            {
                _client.PubRel(open.Message.Number);
            }
            else
            {
                _client.PublishAgain(open.Message.Topic, open.Message.Text, open.Message.Qos, open.Message.Number);
            }
        }
    }

    private static TestClient Begin(BrokerHarness broker, string name)
    {
        TestClient client = broker.Open();
        client.Send(client.NewConnect(name, false, uint.MaxValue));
        return client;
    }

    private readonly record struct Open(ModelMessage Message, bool IsReleased);
}
