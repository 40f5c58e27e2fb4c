using Starling.Conformance.Running;
using Starling.Conformance.Wire;

namespace Starling.Conformance.Cases;

/// <summary>Finds out which messages reach a subscriber, without waiting for silence.</summary>
internal static class Collecting
{
    private const string LastText = "the last message";

    /// <summary>
    /// Publishes a last message and reads up to it, acknowledging everything. What the same publisher has published before is there by
    /// then; only messages that are due are waited for beyond it, since MQTT keeps no order between topics or QoS.
    /// </summary>
    /// <param name="run">The case.</param>
    /// <param name="subscriber">Who must be subscribed to the topic.</param>
    /// <param name="publisher">Who has published what is looked for.</param>
    /// <param name="lastTopic">The topic of the last message.</param>
    /// <param name="due">How many messages are due beside it; fewer fail the case, more are returned.</param>
    public static async Task<IReadOnlyList<WirePacket>> CollectAsync(
        this CaseRun run, WireClient subscriber, WireClient publisher, string lastTopic, int due)
    {
        await publisher.PublishAsync(lastTopic, LastText, Math.Min(1, run.Server.MaximumQos));
        return await subscriber.ReadCollectedAsync(due);
    }

    /// <summary>Reads up to a last message that has been published, and as far as messages are due.</summary>
    public static async Task<IReadOnlyList<WirePacket>> ReadCollectedAsync(this WireClient subscriber, int due)
    {
        List<WirePacket> messages = [];
        bool isLastSeen = false;
        while (!isLastSeen || messages.Count < due)
        {
            WirePacket message = await subscriber.ReceiveAsync();
            if (message.Text == LastText)
            {
                isLastSeen = true;
            }
            else
            {
                messages.Add(message);
            }
        }

        return messages;
    }

    /// <summary>
    /// Everything that comes: the first packet is waited for with patience, since a busy server may take its time, the others until it is
    /// quiet. Nothing at all is an answer too.
    /// </summary>
    public static async Task<IReadOnlyList<WirePacket>> GatherAsync(this WireClient client) =>
        [.. await client.ReadAllAsync(), .. await client.DrainAsync()];

    /// <summary>The last message, for those who publish it for several subscribers at once.</summary>
    public static Task PublishLastAsync(this CaseRun run, WireClient publisher, string topic) =>
        publisher.PublishAsync(topic, LastText, Math.Min(1, run.Server.MaximumQos));

    /// <summary>The texts of messages in order, for comparing and for telling.</summary>
    public static string Texts(IEnumerable<WirePacket> messages) => string.Join(", ", messages.Select(message => message.Text));
}
