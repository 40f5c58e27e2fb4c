using System.Text;
using CsCheck;
using Starling.Protocol.Topics;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Random traffic with lost connections against what the QoS promise.</summary>
public sealed class ModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Statement("MQTT-4.6.0-5")]
    [Statement("MQTT-4.3.3-10")]
    public void QoS_1_comes_at_least_once_and_QoS_2_exactly_once_in_order_whatever_connections_do(int shards) =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 2], Gen.Int[0, 11]).List[1, 120].Sample(steps => Check(shards, steps), iter: 150, threads: 1);

    private static void Check(int shards, List<(int Operation, int Who, int Choice)> steps)
    {
        BrokerHarness broker = new(shards);
        ModelPublisher[] publishers = [.. Enumerable.Range(0, 3).Select(i => new ModelPublisher(broker, broker.NameOn(i % shards, 10 + i)))];
        ModelSubscriber[] subscribers =
        [
            new(broker, broker.NameOn(0, 20), ("t/#", 2), 100),
            new(broker, broker.NameOn(shards - 1, 21), ("t/0", 1), 3),
            new(broker, broker.NameOn(shards - 1, 22), ("+/1", 2), 2),
        ];
        foreach ((int operation, int who, int choice) in steps)
        {
            Apply(broker, publishers[who], subscribers[who], operation, choice);
        }

        Settle(publishers, subscribers);
        ModelMessage[] published = [.. publishers.SelectMany(publisher => publisher.Published)];
        Assert.All(subscribers, subscriber => Check(subscriber, published));
        Assert.Equal(0, broker.Counters.QueuedMessagesNow);
        Assert.Equal(0, broker.Counters.DroppedInAll());
    }

    private static void Apply(BrokerHarness broker, ModelPublisher publisher, ModelSubscriber subscriber, int operation, int choice)
    {
        switch (operation)
        {
            case <= 3:
                publisher.Publish($"t/{choice & 1}", 1 + (choice >> 1 & 1));
                break;
            case 4:
                publisher.Read();
                break;
            case 5:
                subscriber.Read(choice);
                break;
            case 6:
                broker.Group.Loops[choice % broker.Group.Loops.Count].RunIteration();
                break;
            case 7:
                publisher.Reconnect(choice);
                break;
            case 8:
                subscriber.Reconnect(choice);
                break;
            default:
                broker.PassMilliseconds(choice);
                break;
        }
    }

    private static void Settle(ModelPublisher[] publishers, ModelSubscriber[] subscribers)
    {
        Array.ForEach(publishers, publisher => publisher.Reconnect(0));
        Array.ForEach(subscribers, subscriber => subscriber.Reconnect(1));
        for (bool isBusy = true; isBusy;)
        {
            Array.ForEach(publishers, publisher => publisher.Read());
            isBusy = Array.ConvertAll(subscribers, subscriber => subscriber.Read(int.MaxValue)).Contains(true) || !publishers.All(publisher => publisher.IsIdle);
        }
    }

    private static void Check(ModelSubscriber subscriber, ModelMessage[] published)
    {
        (string filter, int granted) = subscriber.Subscription;
        ModelMessage[] wanted =
            [.. published.Where(message => TopicFilter.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(message.Topic)))];
        Assert.Equal(wanted.Select(message => message.Text).Order(), subscriber.Got.Distinct().Order());
        foreach (ModelMessage message in wanted.Where(message => Math.Min(message.Qos, granted) == 2))
        {
            Assert.Single(subscriber.Got, message.Text);
        }

        foreach (IGrouping<(string, string, int), ModelMessage> flow in wanted.GroupBy(message => (message.Publisher, message.Topic, message.Qos)))
        {
            string[] expected = [.. flow.Select(message => message.Text)];
            Assert.Equal(expected, subscriber.Got.Distinct().Where(expected.Contains));
        }
    }
}
