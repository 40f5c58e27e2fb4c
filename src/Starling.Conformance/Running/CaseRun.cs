using System.Diagnostics.CodeAnalysis;
using Starling.Conformance.Inspection;
using Starling.Conformance.Targets;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Running;

/// <summary>One run of one case in one version: how it connects, what it names things, and how it says what it found.</summary>
internal sealed class CaseRun : IAsyncDisposable
{
    private readonly SuiteContext _context;
    private readonly Lock _gate = new();
    private readonly List<WireClient> _clients = [];
    private readonly List<Choice> _choices = [];

    public CaseRun(SuiteContext context, CancellationToken cancellation)
    {
        _context = context;
        Cancellation = cancellation;
    }

    public MqttVersion Version => _context.Version;

    public bool IsV5 => Version == MqttVersion.V5;

    public ITarget Target => _context.Target;

    /// <summary>What the server says of itself.</summary>
    public ServerProfile Server => _context.Server;

    public InspectionLog Inspections => _context.Inspections;

    public CancellationToken Cancellation { get; }

    /// <summary>How long this case may take.</summary>
    public TimeSpan CaseTimeout => _context.Options.CaseTimeout;

    /// <summary>What the server was seen to decide where it may.</summary>
    public IReadOnlyList<Choice> Choices
    {
        get
        {
            lock (_gate)
            {
                return [.. _choices.Distinct()];
            }
        }
    }

    /// <summary>A topic that nobody else uses; all with the same tail are of one length.</summary>
    public string NewTopic(string tail = "t") => $"{_context.TopicRoot}/{_context.NextName():D5}/{tail}";

    /// <summary>A Client Identifier that nobody else uses, of at most 23 letters and digits; all are of one length.</summary>
    public string NewClientIdentifier() => $"c{_context.Options.RunName}v{(int)Version}n{_context.NextName():D5}";

    /// <summary>A plain CONNECT of a new client, to be changed with <c>with</c>.</summary>
    public ConnectFields NewConnect() =>
        new(Version, NewClientIdentifier()) { UserName = _context.Options.UserName, Password = _context.Options.Password };

    /// <summary>Opens a connection and sends nothing.</summary>
    public async Task<WireClient> OpenAsync() => Wrap(await Target.OpenAsync(Cancellation).ConfigureAwait(false));

    /// <summary>A client on a connection that was opened in another way.</summary>
    public WireClient Wrap(IByteStream stream)
    {
        WireClient client = new(stream, this, Version);
        lock (_gate)
        {
            _clients.Add(client);
        }

        return client;
    }

    /// <summary>Opens a connection and sends CONNECT; the answer is whatever it is, null for a close.</summary>
    public async Task<(WireClient Client, WirePacket? ConnAck)> TryConnectAsync(ConnectFields fields)
    {
        WireClient client = await OpenAsync().ConfigureAwait(false);
        _context.NoteConnect(fields);
        await client.SendConnectAsync(fields).ConfigureAwait(false);
        return (client, await client.ReadAsync().ConfigureAwait(false));
    }

    /// <summary>A connected client and the CONNACK that accepted it.</summary>
    public async Task<(WireClient Client, WirePacket ConnAck)> ConnectFullyAsync(ConnectFields fields)
    {
        (WireClient client, WirePacket? connAck) = await TryConnectAsync(fields).ConfigureAwait(false);
        string came = connAck?.ToString() ?? "the connection was closed";
        Require(connAck is { Type: PacketType.ConnAck, Reason: ReasonCode.Success }, $"a CONNACK that accepts was due; {came}");
        return (client, connAck);
    }

    /// <summary>A connected client.</summary>
    public async Task<WireClient> ConnectAsync(ConnectFields? fields = null) =>
        (await ConnectFullyAsync(fields ?? NewConnect()).ConfigureAwait(false)).Client;

    /// <summary>A connected new client that is subscribed to one filter.</summary>
    public async Task<WireClient> SubscriberAsync(string filter, int options = 0)
    {
        WireClient client = await ConnectAsync().ConfigureAwait(false);
        await client.SubscribeAsync((filter, options)).ConfigureAwait(false);
        return client;
    }

    /// <summary>Lets time pass.</summary>
    public async Task DelayAsync(TimeSpan time) => await Target.DelayAsync(time, Cancellation).ConfigureAwait(false);

    public Task DelaySecondsAsync(double seconds) => DelayAsync(TimeSpan.FromSeconds(seconds));

    /// <summary>Something was due a time after it was begun: it may be early and late by what the target is allowed.</summary>
    /// <param name="begun">A reading of <see cref="ITarget.Now"/>.</param>
    /// <param name="dueSeconds">When it was due.</param>
    /// <param name="what">What was due, for the message.</param>
    public void RequireOnTime(TimeSpan begun, double dueSeconds, string what)
    {
        double took = (Target.Now - begun).TotalSeconds;
        Require(
            took >= dueSeconds - Target.Earliness.TotalSeconds && took <= dueSeconds + Target.Lateness.TotalSeconds,
            FormattableString.Invariant($"{what} was due after {dueSeconds:0.##} s; it came after {took:0.##} s"));
    }

    /// <summary>Fails the case unless the condition holds.</summary>
    public void Require([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition)
        {
            throw new CaseFailedException(message);
        }
    }

    /// <summary>Fails the case unless both are equal.</summary>
    public void RequireEqual<T>(T expected, T actual, string what) =>
        Require(EqualityComparer<T>.Default.Equals(expected, actual), $"{what} should be {expected}; it is {actual}");

    /// <summary>The case cannot be run on this server.</summary>
    [DoesNotReturn]
    public void Skip(string reason) => throw new CaseSkippedException(reason);

    /// <summary>Keeps what the server decided where it may.</summary>
    public void Note(string question, string answer)
    {
        lock (_gate)
        {
            _choices.Add(new Choice(question, answer));
        }
    }

    /// <summary>
    /// Tries each variant, side by side where the target takes it; fails with those that failed, each by its name. After a handful it
    /// stops: a server that lets one fault pass lets others pass too, and each costs time.
    /// </summary>
    public async Task EachAsync<T>(IEnumerable<T> variants, Func<T, string> name, Func<T, Task> body)
    {
        const int SideBySide = 4;
        const int FailuresMax = 5;
        List<string> failures = [];
        int skipped = 0;
        bool HasFailedOften()
        {
            lock (_gate)
            {
                return failures.Count >= FailuresMax;
            }
        }

        async ValueTask TryAsync(T variant)
        {
            if (HasFailedOften())
            {
                Interlocked.Increment(ref skipped);
                return;
            }

            try
            {
                await body(variant).ConfigureAwait(false);
            }
            catch (CaseFailedException e)
            {
                lock (_gate)
                {
                    failures.Add($"{name(variant)}: {e.Message}");
                }
            }
        }

        if (Target.IsConcurrent)
        {
            ParallelOptions options = new() { MaxDegreeOfParallelism = SideBySide, CancellationToken = Cancellation };
            await Parallel.ForEachAsync(variants, options, (variant, _) => TryAsync(variant)).ConfigureAwait(false);
        }
        else
        {
            foreach (T variant in variants)
            {
                await TryAsync(variant).ConfigureAwait(false);
            }
        }

        string more = skipped == 0 ? "" : $"; {skipped} more were not tried";
        Require(failures.Count == 0, string.Join("; ", failures.Order(StringComparer.Ordinal)) + more);
    }

    /// <summary>Ends every connection that the case left open.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (WireClient client in _clients)
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }
    }
}
