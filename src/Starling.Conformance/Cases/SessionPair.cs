using Starling.Conformance.Running;
using Starling.Conformance.Wire;

namespace Starling.Conformance.Cases;

/// <summary>A publisher, and a subscriber whose session outlives its connection.</summary>
/// <param name="Run">The run.</param>
/// <param name="Fields">What the subscriber connects with.</param>
/// <param name="Subscriber">The first connection of the session.</param>
/// <param name="Publisher">Another client.</param>
/// <param name="Topic">What the subscriber is subscribed to.</param>
internal sealed record SessionPair(CaseRun Run, ConnectFields Fields, WireClient Subscriber, WireClient Publisher, string Topic)
{
    /// <summary>Connects both and subscribes at this QoS.</summary>
    public static async Task<SessionPair> BeginAsync(CaseRun run, int qos, params byte[] properties)
    {
        ConnectFields plain = run.NewConnect();
        ConnectFields fields = (plain with { Properties = properties }).Persistent();
        WireClient subscriber = await run.ConnectAsync(fields);
        string topic = run.NewTopic();
        await subscriber.SubscribeAsync((topic, qos));
        return new SessionPair(run, plain.Persistent(), subscriber, await run.ConnectAsync(), topic);
    }

    /// <summary>Publishes texts in this order, each acknowledged to the end before the next.</summary>
    public async Task PublishAsync(int qos, params string[] texts)
    {
        foreach (string text in texts)
        {
            await Publisher.PublishAsync(Topic, text, qos);
        }
    }

    /// <summary>Breaks the first connection, when the server has taken everything that was sent on it.</summary>
    public async Task LeaveAsync()
    {
        await Subscriber.PingAsync();
        Subscriber.Abort();
    }

    /// <summary>Connects again to the session, which must be there.</summary>
    public async Task<WireClient> ReturnAsync(params byte[] properties)
    {
        ConnectFields fields = Fields with { Properties = [.. Fields.Properties, .. properties] };
        (WireClient client, WirePacket connAck) = await Run.ConnectFullyAsync(fields);
        Run.Require(connAck.SessionPresent, "the session should have been there; CONNACK has no Session Present");
        return client;
    }

    /// <summary>Breaks the first connection and connects again.</summary>
    public async Task<WireClient> ResumeAsync(params byte[] properties)
    {
        await LeaveAsync();
        return await ReturnAsync(properties);
    }
}
