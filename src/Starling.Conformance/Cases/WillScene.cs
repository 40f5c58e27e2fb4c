using Starling.Conformance.Running;
using Starling.Conformance.Wire;

namespace Starling.Conformance.Cases;

/// <summary>A client with a Will, and another that hears of everything on the Will's topic.</summary>
/// <param name="Run">The run of the case.</param>
/// <param name="Topic">The Will Topic.</param>
/// <param name="Fields">What the client connected with.</param>
/// <param name="Client">The client with the Will.</param>
/// <param name="Watcher">The one that hears of it.</param>
internal sealed record WillScene(CaseRun Run, string Topic, ConnectFields Fields, WireClient Client, WireClient Watcher)
{
    /// <summary>The Will Payload, unless the case chose another.</summary>
    public const string Payload = "the will";

    /// <summary>Connects both; <paramref name="will"/> changes the plain Will of QoS 0.</summary>
    public static async Task<WillScene> BeginAsync(CaseRun run, ConnectFields? fields = null, Func<WireWill, WireWill>? will = null)
    {
        string topic = run.NewTopic();
        WireWill plain = new(topic, Payload);
        ConnectFields used = (fields ?? run.NewConnect()) with { Will = will is null ? plain : will(plain) };
        WireClient watcher = await run.SubscriberAsync(topic, run.IsV5 ? 2 | SubscriptionOption.RetainAsPublished : 2);
        return new WillScene(run, topic, used, await run.ConnectAsync(used), watcher);
    }

    /// <summary>The same for 5.0 with a Will Delay Interval and a Session Expiry Interval; null leaves the property out.</summary>
    public static Task<WillScene> BeginAsync(CaseRun run, uint? delaySeconds, uint? expirySeconds) => BeginAsync(
        run,
        run.NewConnect() with { Properties = expirySeconds is uint expiry ? Property.SessionExpiryInterval(expiry) : [] },
        will => will with { Properties = delaySeconds is uint delay ? Property.WillDelayInterval(delay) : [] });

    /// <summary>The Will is published at once.</summary>
    public async Task<WirePacket> ExpectWillAsync()
    {
        WirePacket message = await Watcher.ReceiveAsync();
        Run.RequireEqual(Topic, message.Topic, "the topic of the will");
        Run.RequireEqual(Fields.Will?.Text, message.Text, "the payload of the will");
        return message;
    }

    /// <summary>The Will is published a time after it was begun, and not again.</summary>
    public async Task ExpectWillAfterAsync(TimeSpan begun, double dueSeconds)
    {
        await ExpectWillAsync();
        Run.RequireOnTime(begun, dueSeconds, "the will");
        await Watcher.ExpectQuietAsync();
    }

    /// <summary>The Will is not published, although its Will Delay Interval passes.</summary>
    public Task ExpectNoWillAsync(double delaySeconds) => Watcher.ExpectQuietAsync(TimeSpan.FromSeconds(delaySeconds) + Run.Target.Lateness);

    /// <summary>The same client again, without a Will of its own.</summary>
    public Task<WireClient> ReconnectAsync(bool cleanStart) => Run.ConnectAsync(Fields with { Will = null, CleanStart = cleanStart });
}
