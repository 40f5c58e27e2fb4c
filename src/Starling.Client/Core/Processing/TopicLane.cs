namespace Starling.Client.Core.Processing;

/// <summary>The messages of one topic that wait for their turn. Belongs to its <see cref="ConcurrentRun"/>.</summary>
internal sealed class TopicLane(string topic)
{
    public string Topic => topic;

    public Queue<MqttDelivery> Waiting { get; } = new();
}
