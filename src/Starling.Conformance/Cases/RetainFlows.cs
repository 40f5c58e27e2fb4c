using Starling.Conformance.Running;
using Starling.Conformance.Wire;

namespace Starling.Conformance.Cases;

/// <summary>What cases about retained messages do again and again.</summary>
internal static class RetainFlows
{
    // Far more than a server takes that stores behind its acknowledgement, which nothing on the wire tells.
    private static readonly TimeSpan StoringTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Publishes with RETAIN 1 from a client of its own; the server has worked on all of it when this returns.</summary>
    public static async Task StoreRetainedAsync(this CaseRun run, params WireMessage[] messages)
    {
        WireClient publisher = await run.ConnectAsync();
        foreach (WireMessage message in messages)
        {
            await publisher.PublishAsync(message with { Retain = true });
        }

        await publisher.PingAsync();
        if (run.Target.IsConcurrent)
        {
            await run.DelayAsync(StoringTime);
        }
    }

    /// <summary>Publishes a text with RETAIN 1, not at QoS 0: a server of 3.1.1 may drop what it retains of that at any time.</summary>
    public static Task StoreRetainedAsync(this CaseRun run, string topic, string text) =>
        run.StoreRetainedAsync(new WireMessage(topic, text) { Qos = Math.Min(1, run.Server.MaximumQos) });

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
