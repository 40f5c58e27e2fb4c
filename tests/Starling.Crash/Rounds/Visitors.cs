using System.Globalization;
using Starling.Crash.Clients;
using Starling.Crash.Ledger;
using Starling.Protocol;

namespace Starling.Crash.Rounds;

/// <summary>The clients that live for a round or two: sessions that are made while the load runs, sessions that are ended, and those with wills.</summary>
internal sealed class Visitors(Scene scene, Cast cast, Random random)
{
    private const int NewcomersPerRound = 5;
    private readonly List<Subscriber> _newcomers = [];
    private readonly List<Subscriber> _leavers = [];
    private readonly List<WillBearer> _bearers = [];
    private int _names;

    public IEnumerable<Inbox> Inboxes => _newcomers.Select(newcomer => newcomer.Inbox);

    /// <summary>All that happens beside the publishing while a load runs; returns when the load is cut and no request is open.</summary>
    public Task RunAsync(int port) => Task.WhenAll(
        [LeaveAsync(port), ArriveAsync(port), BequeathAsync(port), .. cast.Wanderers.Select(wanderer => WanderAsync(wanderer, new Random(random.Next())))]);

    public void Abort()
    {
        foreach (Subscriber visitor in Visiting)
        {
            visitor.Client.Abort();
        }

        foreach (WillBearer bearer in Bearers)
        {
            bearer.Abort();
        }
    }

    public Task EndedAsync() => Task.WhenAll(
        [.. Visiting.Select(visitor => visitor.Client.EndedAsync()), .. Bearers.Select(bearer => bearer.EndedAsync())]);

    /// <summary>The newcomers of an earlier load come back, to get what was queued for them.</summary>
    public Task ReturnAsync(int port) => Task.WhenAll(_newcomers.Select(newcomer => newcomer.Client.ConnectAsync(port)));

    /// <summary>After the restart: those with wills that come back, do so.</summary>
    public Task ComeBackAsync(int port) => Task.WhenAll(_bearers.Select(bearer => bearer.ComeBackAsync(port)));

    /// <summary>The newcomers come back and ask again for what was not acknowledged; those who had left look whether they have.</summary>
    public async Task FinishAsync(int port)
    {
        foreach (Subscriber newcomer in _newcomers)
        {
            await newcomer.Client.ConnectAsync(port).ConfigureAwait(false);
            newcomer.Client.CatchUp();
            await newcomer.RetryAsync().ConfigureAwait(false);
        }

        foreach (Subscriber leaver in _leavers)
        {
            if (leaver.Client.IsEnded)
            {
                await leaver.Client.ConnectAsync(port).ConfigureAwait(false);
            }

            await EndAsync(leaver, port).ConfigureAwait(false);
        }

        _leavers.Clear();
    }

    /// <summary>All wills are settled, so their sessions can end; the newcomers leave while the next load runs.</summary>
    public async Task SettleAsync(int port)
    {
        await Task.WhenAll(_bearers.Select(bearer => bearer.EndAsync(port))).ConfigureAwait(false);
        _bearers.Clear();
        _leavers.AddRange(_newcomers);
        _newcomers.Clear();
    }

    // A load that is being cut may still be adding to them.
    private Subscriber[] Visiting
    {
        get
        {
            lock (_newcomers)
            {
                return [.. _newcomers, .. _leavers];
            }
        }
    }

    private WillBearer[] Bearers
    {
        get
        {
            lock (_bearers)
            {
                return [.. _bearers];
            }
        }
    }

    private static async Task EndAsync(Subscriber leaver, int port)
    {
        if (await leaver.Client.ConnectAsync(port, new SessionStart { CleanStart = true, ExpirySeconds = 0 }).ConfigureAwait(false))
        {
            await leaver.Client.DisconnectAsync().ConfigureAwait(false);
        }
    }

    private async Task LeaveAsync(int port)
    {
        foreach (Subscriber leaver in _leavers)
        {
            await scene.PassAsync(random.Next(20)).ConfigureAwait(false);
            if (scene.IsCut)
            {
                return;
            }

            await EndAsync(leaver, port).ConfigureAwait(false);
        }
    }

    private async Task ArriveAsync(int port)
    {
        IReadOnlyList<MessageStream> streams = cast.Topics.Matching(Topics.AllLoad);
        Random own = new(random.Next());
        for (int i = 0; i < NewcomersPerRound && !scene.IsCut; i++)
        {
            string name = ShardNames.Make(string.Create(CultureInfo.InvariantCulture, $"newcomer-{Interlocked.Increment(ref _names)}"), i % 2, 2);
            MqttVersion version = i % 3 == 0 ? MqttVersion.V311 : MqttVersion.V5;
            Subscriber newcomer = new(scene, new ClientProfile(name, version) { Lag = own.Next(8) }, new Inbox(scene, name));
            lock (_newcomers)
            {
                _newcomers.Add(newcomer);
            }

            bool isUp = await newcomer.Client.ConnectAsync(port).ConfigureAwait(false);
            MessageStream[] wanted = own.GetItems([.. streams], 3);
            foreach (MessageStream stream in wanted.Distinct())
            {
                isUp = isUp && await newcomer.SubscribeAsync(stream.Topic, 1 + own.Next(2), [stream]).ConfigureAwait(false);
            }

            await scene.PassAsync(own.Next(30)).ConfigureAwait(false);
            switch (own.Next(3))
            {
                case 0:
                    newcomer.Client.Abort();
                    break;
                case 1:
                    await newcomer.Client.DisconnectAsync().ConfigureAwait(false);
                    break;
                default:
                    break;
            }
        }
    }

    private Task BequeathAsync(int port)
    {
        WillBehaviour[] behaviours = [.. Enum.GetValues<WillBehaviour>(), WillBehaviour.Vanishes, WillBehaviour.Stays, WillBehaviour.Stays];
        return Task.WhenAll([.. behaviours.Select(behaviour => BequeathAsync(port, behaviour, new Random(random.Next())))]);
    }

    private async Task BequeathAsync(int port, WillBehaviour behaviour, Random own)
    {
        await scene.PassAsync(own.Next(60)).ConfigureAwait(false);
        if (!scene.IsCut)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"bearer-{Interlocked.Increment(ref _names)}");
            WillBearer bearer = new(scene, cast.Wills, name, behaviour, own);
            lock (_bearers)
            {
                _bearers.Add(bearer);
            }

            await bearer.RunAsync(port).ConfigureAwait(false);
        }
    }

    private async Task WanderAsync(Subscriber wanderer, Random own)
    {
        IReadOnlyList<MessageStream> streams = cast.Topics.Matching(Topics.AllLoad);
        bool isUp = true;
        while (isUp && !scene.IsCut)
        {
            await scene.PassAsync(own.Next(100)).ConfigureAwait(false);

            // Always the same QoS for a stream: copies of an earlier subscription may still come, and must be what they were granted to be.
            MessageStream stream = streams[own.Next(streams.Count)];
            isUp = await wanderer.ToggleAsync(stream, 1 + (stream.Index / 2 % 2)).ConfigureAwait(false);
        }
    }
}
