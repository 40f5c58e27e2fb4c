using Starling.Crash.Clients;
using Starling.Crash.Ledger;
using Starling.Protocol;

namespace Starling.Crash.Rounds;

/// <summary>The clients that live as long as a trial: of each kind some on each of two shards, in both versions, with small and large windows.</summary>
internal sealed class Cast : IDisposable
{
    private const int Shards = 2;
    private readonly Scene _scene;
    private readonly List<Inbox> _inboxes = [];
    private readonly List<Publisher> _publishers = [];
    private readonly List<Subscriber> _subscribers = [];
    private readonly List<SessionClient> _watchers = [];
    private readonly ForeignPublisher _foreignPublisher;
    private readonly ForeignSubscriber _foreignSubscriber;
    private int _made;

    public Cast(Scene scene, Topics topics, Random random)
    {
        _scene = scene;
        Topics = topics;
        Wills = new WillLedger(scene, Shards);
        int[] windows = [1, 8, 32, 64];
        IReadOnlyList<MessageStream>[] streams = [.. topics.Load, .. topics.Retained];
        for (int i = 0; i < streams.Length; i++)
        {
            ClientProfile profile = Profile("publisher") with { Window = windows[i % windows.Length] };
            _publishers.Add(new Publisher(scene, profile, streams[i], random.Next()));
        }

        for (int i = 0; i < Shards; i++)
        {
            int watcher = i;
            _watchers.Add(new SessionClient(scene, Profile("watcher")) { Watch = packet => Wills.Watch(watcher, packet) });
        }

        Retained = new RetainedReader(scene, topics.Matching(Topics.AllRetained), Topics.AllRetained);
        _foreignPublisher = new ForeignPublisher(scene, "foreign-publisher", topics.Foreign);
        _foreignSubscriber = new ForeignSubscriber(scene, "foreign-subscriber", NewInbox("foreign-subscriber"));
        Wanderers = [AddSubscriber("wanderer", isAbsent: false), AddSubscriber("wanderer", isAbsent: false)];
    }

    public Topics Topics { get; }

    public WillLedger Wills { get; }

    public RetainedReader Retained { get; }

    /// <summary>They subscribe and unsubscribe all the time.</summary>
    public IReadOnlyList<Subscriber> Wanderers { get; }

    /// <summary>Makes every session and subscription, with a broker that is left alone.</summary>
    public async Task PrepareAsync(int port)
    {
        foreach (bool isAbsent in (bool[])[false, true])
        {
            for (int shard = 0; shard < Shards; shard++)
            {
                await SubscribeAsync(AddSubscriber(Kind(isAbsent), isAbsent), port, 2, Topics.AllLoad).ConfigureAwait(false);
                await SubscribeAsync(AddSubscriber(Kind(isAbsent), isAbsent), port, 1, Topics.AllLoad, Topics.AllRetained).ConfigureAwait(false);
            }

            await SubscribeAsync(AddSubscriber(Kind(isAbsent), isAbsent), port, 2, Topics.AllRetained).ConfigureAwait(false);
        }

        await AddGroupAsync("crew", Topics.AllLoad, 2, port).ConfigureAwait(false);
        await AddGroupAsync("watch", Topics.LoadOfQos1, 1, port).ConfigureAwait(false);
        foreach (SessionClient watcher in _watchers)
        {
            await watcher.ConnectAsync(port).ConfigureAwait(false);
            await watcher.SubscribeAsync((WillLedger.TopicPrefix + "+", 2)).ConfigureAwait(false);
        }

        await _foreignSubscriber.ConnectAsync(port).ConfigureAwait(false);
        await _foreignSubscriber.SubscribeAsync(Topics.AllLoad, Topics.Matching(Topics.AllLoad)).ConfigureAwait(false);
    }

    /// <summary>Everybody connects, or everybody who is not absent while a load runs; false: not all could.</summary>
    public async Task<bool> ConnectAsync(int port, bool isEverybody)
    {
        bool[] connected = await Task.WhenAll(
            [
                .. _publishers.Select(publisher => publisher.Client.ConnectAsync(port)),
                .. _subscribers.Where(subscriber => isEverybody || !subscriber.IsAbsent).Select(subscriber => subscriber.Client.ConnectAsync(port)),
                .. _watchers.Take(isEverybody ? Shards : 1).Select(watcher => watcher.ConnectAsync(port)),
                _foreignSubscriber.ConnectAsync(port),
                _foreignPublisher.ConnectAsync(port),
            ]).ConfigureAwait(false);
        return !connected.Contains(false);
    }

    /// <summary>The publishers run; returns when the load is cut.</summary>
    public Task RunAsync()
    {
        foreach (Publisher publisher in _publishers)
        {
            publisher.Run();
        }

        return _foreignPublisher.RunAsync();
    }

    /// <summary>The publishers begin nothing new.</summary>
    public void Pause()
    {
        foreach (Publisher publisher in _publishers)
        {
            publisher.Pause();
        }
    }

    /// <summary>Every connection ends without a word.</summary>
    public void Abort()
    {
        foreach (SessionClient client in Clients)
        {
            client.Abort();
        }

        _foreignPublisher.Abort();
        _foreignSubscriber.Abort();
    }

    /// <summary>Done when all that the broker had sent is taken.</summary>
    public Task EndedAsync() => Task.WhenAll(Clients.Select(client => client.EndedAsync()));

    /// <summary>Everybody comes back, what was not acknowledged is sent again, and then the last message of the round on each stream.</summary>
    public async Task FinishAsync(int port, TimeSpan patience)
    {
        if (!await ConnectAsync(port, isEverybody: true).ConfigureAwait(false))
        {
            _scene.Findings.Add(Fault.Refused, "not everybody can connect after the restart");
            return;
        }

        foreach (SessionClient client in Clients)
        {
            client.CatchUp();
        }

        await Task.WhenAll(Wanderers.Select(wanderer => wanderer.RetryAsync())).ConfigureAwait(false);
        await ExpectAsync(() => _publishers.All(publisher => publisher.IsDone), patience, "messages that were sent again are not acknowledged").ConfigureAwait(false);
        foreach (Publisher publisher in _publishers)
        {
            publisher.Finish();
        }

        await _foreignPublisher.FinishAsync().ConfigureAwait(false);
        await ExpectAsync(() => _publishers.All(publisher => publisher.IsDone), patience, "the last messages are not acknowledged").ConfigureAwait(false);
    }

    /// <summary>Waits until everybody has got what is owed, and reports what is missing.</summary>
    public async Task SettleAsync(IEnumerable<Inbox> others, TimeSpan patience)
    {
        Inbox[] inboxes = [.. _inboxes, .. others];
        await _scene.WaitAsync(() => inboxes.All(inbox => inbox.IsDrained()), patience).ConfigureAwait(false);
        await ExpectAsync(() => Clients.All(client => client.HasNothingIncoming), patience, "QoS 2 messages are not released").ConfigureAwait(false);
        foreach (Inbox inbox in inboxes)
        {
            inbox.Settle();
        }

        foreach (MessageStream stream in Topics.All)
        {
            stream.Trim();
        }
    }

    /// <summary>Those who are absent while a load runs leave.</summary>
    public Task LeaveAsync() =>
        Task.WhenAll([.. _subscribers.Where(subscriber => subscriber.IsAbsent).Select(subscriber => subscriber.Client.DisconnectAsync()), _watchers[1].DisconnectAsync()]);

    public void Dispose()
    {
        Abort();
        _foreignPublisher.Dispose();
        _foreignSubscriber.Dispose();
    }

    private IEnumerable<SessionClient> Clients =>
        [.. _publishers.Select(publisher => publisher.Client), .. _subscribers.Select(subscriber => subscriber.Client), .. _watchers];

    private static string Kind(bool isAbsent) => isAbsent ? "absent" : "online";

    private async Task ExpectAsync(Func<bool> condition, TimeSpan patience, string otherwise)
    {
        if (!await _scene.WaitAsync(condition, patience).ConfigureAwait(false))
        {
            _scene.Findings.Add(Fault.Stalled, otherwise);
        }
    }

    private async Task AddGroupAsync(string group, string filter, int qos, int port)
    {
        Inbox inbox = new(_scene, $"group {group}") { IsShared = true };
        _inboxes.Add(inbox);
        for (int member = 0; member < Shards + 1; member++)
        {
            Subscriber subscriber = new(_scene, Profile(group), inbox) { SharePrefix = $"$share/{group}/", IsAbsent = member == Shards };
            _subscribers.Add(subscriber);
            await SubscribeAsync(subscriber, port, qos, filter).ConfigureAwait(false);
        }
    }

    private async Task SubscribeAsync(Subscriber subscriber, int port, int qos, params string[] filters)
    {
        await subscriber.Client.ConnectAsync(port).ConfigureAwait(false);
        foreach (string filter in filters)
        {
            await subscriber.SubscribeAsync(filter, qos, Topics.Matching(filter)).ConfigureAwait(false);
        }
    }

    private Subscriber AddSubscriber(string kind, bool isAbsent)
    {
        ClientProfile profile = Profile(kind);
        Subscriber subscriber = new(_scene, profile, NewInbox(profile.Name)) { IsAbsent = isAbsent };
        _subscribers.Add(subscriber);
        return subscriber;
    }

    private ClientProfile Profile(string kind)
    {
        int[] maxima = [0, 3, 20, 200];
        int number = _made++;
        int maximum = maxima[number / Shards % maxima.Length];
        return new ClientProfile(ShardNames.Make($"{kind}-{number}", number % Shards, Shards), number % 3 == 0 ? MqttVersion.V311 : MqttVersion.V5)
        {
            ReceiveMaximum = maximum,
            Lag = maximum == 0 ? 10 : maximum / 2,
        };
    }

    private Inbox NewInbox(string owner)
    {
        Inbox inbox = new(_scene, owner);
        _inboxes.Add(inbox);
        return inbox;
    }
}
