using Starling.Conformance.Running;
using Starling.Conformance.Wire;

namespace Starling.Conformance.Cases;

/// <summary>What cases about retained messages do again and again.</summary>
internal static class RetainFlows
{
    /// <summary>Publishes with RETAIN 1 from a client of its own; the server has worked on all of it when this returns.</summary>
    public static async Task StoreRetainedAsync(this CaseRun run, params WireMessage[] messages)
    {
        WireClient publisher = await run.ConnectAsync();
        foreach (WireMessage message in messages)
        {
            await publisher.PublishAsync(message with { Retain = true });
        }

        await publisher.PingAsync();
    }

    /// <summary>Publishes a text with RETAIN 1 from a client of its own.</summary>
    public static Task StoreRetainedAsync(this CaseRun run, string topic, string text) => run.StoreRetainedAsync(new WireMessage(topic, text));

    /// <summary>A new subscriber is sent this retained message, and no second one.</summary>
    public static async Task<WirePacket> ExpectRetainedAsync(this CaseRun run, string filter, string text, int options = 2)
    {
        WireClient subscriber = await run.SubscriberAsync(filter, options);
        WirePacket message = await subscriber.ReceiveAsync();
        run.RequireEqual(text, message.Text, "the payload of the retained message");
        await subscriber.ExpectQuietAsync();
        return message;
    }

    /// <summary>A new subscriber is sent no retained message.</summary>
    public static async Task ExpectNoRetainedAsync(this CaseRun run, string filter, int options = 2)
    {
        WireClient subscriber = await run.SubscriberAsync(filter, options);
        await subscriber.ExpectQuietAsync();
    }
}
