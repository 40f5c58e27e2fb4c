using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Starling.Conformance.Cases;
using Starling.Conformance.Inspection;
using Starling.Conformance.Specification;
using Starling.Conformance.Targets;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Running;

/// <summary>Runs the suite against a target, in all versions at once: the timed cases beside the quick ones, the bulky ones last.</summary>
internal sealed class SuiteRunner(ITarget target, SuiteOptions options)
{
    /// <summary>How long a quick case keeps others from beginning: on a server that answers, and on one that mostly keeps silent.</summary>
    private static readonly TimeSpan QuickCaseHolds = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SilentCaseHolds = TimeSpan.FromMilliseconds(200);

    /// <summary>So many cases that failed by waiting show that a server mostly keeps silent.</summary>
    private const int SilentCasesMax = 10;

    private readonly ConcurrentDictionary<(MqttVersion, string), CaseResult> _results = new();
    private readonly ConcurrentDictionary<(MqttVersion, ConformanceCase), byte> _running = new();
    private readonly Lock _telling = new();
    private SuiteAbort? _lost;
    private int _silentCases;

    /// <summary>
    /// The cases to run, in order, each with the version it will run in: those that are wanted, and when a statement is wanted that only
    /// inspection judges, all others that are quick, because packets are inspected in whichever case they come.
    /// </summary>
    public IReadOnlyList<(MqttVersion Version, ConformanceCase Case)> Plan { get; } =
    [
        .. from version in options.Versions
           from conformanceCase in CaseCatalog.All
           where conformanceCase.Versions.Contains(version)
           where options.IsWantedCase is null || options.IsWantedCase(conformanceCase)
           where IsWanted(options, version, conformanceCase) || IsProvoking(options, version, conformanceCase)
           select (version, conformanceCase),
    ];

    /// <summary>Runs to the end, or until the target is gone.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<SuiteResult> RunAsync(CancellationToken cancellation)
    {
        TimeSpan begun = target.Now;
        Dictionary<MqttVersion, string> unspoken = [];
        List<SuiteContext> contexts = [];
        SuiteAbort? abort = null;
        bool isSilent = true;
        foreach (MqttVersion version in options.Versions)
        {
            Greeting greeting = await Greeting.ExchangeAsync(target, options, version, cancellation).ConfigureAwait(false);
            if (greeting.Server is not null)
            {
                contexts.Add(new SuiteContext(target, options, version, greeting.Server));
                continue;
            }

            // A server that has let us in with one version, and refuses another, can be tested in the first.
            if (greeting.Abort is { Kind: not SuiteAbortKind.Unspoken } && (contexts.Count == 0 || greeting.IsGone))
            {
                abort = greeting.Abort;
                break;
            }

            unspoken[version] = greeting.Abort?.Message ?? "";
            isSilent &= greeting.IsSilent;
        }

        abort ??= contexts.Count > 0
            ? await RunCasesAsync(contexts, cancellation).ConfigureAwait(false)
            : isSilent
            ? new SuiteAbort(SuiteAbortKind.NotMqtt, $"{string.Join("; ", unspoken.Values)}. Is it an MQTT port without TLS?")
            : new SuiteAbort(SuiteAbortKind.Refused, $"{target.Name} speaks none of the versions: {string.Join("; ", unspoken.Values)}");
        List<CaseResult> cases = [.. CaseResults(unspoken), .. contexts.SelectMany(InspectionResults)];
        IEnumerable<Statement> wanted = StatementTable.All
            .Where(statement => options.Versions.Contains(statement.Version) && (options.IsWanted?.Invoke(statement) ?? true));
        return new SuiteResult(target.Name, cases, SuiteResult.Judge(wanted, cases))
        {
            UnspokenVersions = unspoken,
            Abort = abort,
            Duration = target.Now - begun,
        };
    }

    private async Task<SuiteAbort?> RunCasesAsync(List<SuiteContext> contexts, CancellationToken cancellation)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await RunKindAsync(contexts, kind => kind != CaseKind.Bulk, ending).ConfigureAwait(false);
            await RunKindAsync(contexts, kind => kind == CaseKind.Bulk, ending).ConfigureAwait(false);
            await CleanAsync(contexts, cancellation).ConfigureAwait(false);

            return null;
        }
        catch (TargetLostException e)
        {
            return _lost ?? new SuiteAbort(SuiteAbortKind.Lost, $"{e.Message}, after all cases were done. Is it still running?");
        }
    }

    private async Task CleanAsync(List<SuiteContext> contexts, CancellationToken cancellation)
    {
        if (target.IsConcurrent)
        {
            await Task.WhenAll(contexts.Select(context => Cleaning.RunAsync(context, cancellation))).ConfigureAwait(false);
            return;
        }

        foreach (SuiteContext context in contexts)
        {
            await Cleaning.RunAsync(context, cancellation).ConfigureAwait(false);
        }
    }

    private async Task RunKindAsync(List<SuiteContext> contexts, Predicate<CaseKind> isMeant, CancellationTokenSource ending)
    {
        (SuiteContext Context, ConformanceCase Case)[] cases =
        [
            .. from planned in Plan
               where isMeant(planned.Case.Kind)
               join context in contexts on planned.Version equals context.Version
               orderby planned.Case.Kind == CaseKind.Timed descending
               select (context, planned.Case),
        ];
        if (!target.IsConcurrent)
        {
            foreach ((SuiteContext context, ConformanceCase conformanceCase) in cases)
            {
                await RunCaseAsync(context, conformanceCase, ending).ConfigureAwait(false);
            }

            return;
        }

        // Timed cases only wait, so all of them begin at once; the others go through the gate, bulky ones one by one.
        using SemaphoreSlim gate = new(isMeant(CaseKind.Bulk) ? 1 : options.QuickCasesMax);
        await Task.WhenAll(cases.Select(async planned =>
        {
            await (planned.Case.Kind == CaseKind.Timed
                ? RunCaseAsync(planned.Context, planned.Case, ending)
                : RunGatedAsync(gate, planned.Context, planned.Case, ending)).ConfigureAwait(false);
        })).ConfigureAwait(false);
    }

    private async Task RunGatedAsync(
        SemaphoreSlim gate, SuiteContext context, ConformanceCase conformanceCase, CancellationTokenSource ending)
    {
        await gate.WaitAsync(ending.Token).ConfigureAwait(false);
        Task running = RunCaseAsync(context, conformanceCase, ending);
        try
        {
            // A quick case that takes long waits for what does not come: it makes room for the next, or a bad server takes minutes.
            bool isSilent = Volatile.Read(ref _silentCases) >= SilentCasesMax;
            TimeSpan holds = isSilent ? SilentCaseHolds : QuickCaseHolds;
            bool makesRoom = isSilent || conformanceCase.Kind == CaseKind.Quick;
            Task room = makesRoom ? target.DelayAsync(holds, ending.Token).AsTask() : running;
            await Task.WhenAny(running, room).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }

        await running.ConfigureAwait(false);
    }

    private async Task RunCaseAsync(SuiteContext context, ConformanceCase conformanceCase, CancellationTokenSource ending)
    {
        _running[(context.Version, conformanceCase)] = 0;
        try
        {
            CaseResult result = await CaseRunner.RunAsync(conformanceCase, context, ending.Token).ConfigureAwait(false);
            if (result.Verdict is Verdict.Failed or Verdict.NotAdvised)
            {
                await ProbeAsync(context, ending.Token).ConfigureAwait(false);
                _ = result.Duration >= target.Patience ? Interlocked.Increment(ref _silentCases) : 0;
            }

            if (!IsWanted(options, context.Version, conformanceCase))
            {
                result = result with { Verdict = Verdict.NotTested, Message = "it only provoked packets" };
            }

            _results[(context.Version, conformanceCase.Name)] = result;
            lock (_telling)
            {
                options.CaseDone?.Invoke(result);
            }
        }
        catch (TargetLostException e)
        {
            lock (_telling)
            {
                _lost ??= Lose(e);
            }

            await ending.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _running.TryRemove((context.Version, conformanceCase), out _);
        }
    }

    /// <summary>A server that has gone, or is stuck, breaks no statement: a failure counts while a plain CONNECT is answered.</summary>
    private async Task ProbeAsync(SuiteContext context, CancellationToken cancellation)
    {
        CaseRun probe = new(context, cancellation);
        await using ConfiguredAsyncDisposable ending = probe.ConfigureAwait(false);
        try
        {
            (WireClient client, _) = await probe.TryConnectAsync(probe.NewConnect()).ConfigureAwait(false);
            await client.SendAsync(PacketBytes.Disconnect).ConfigureAwait(false);
        }
        catch (CaseFailedException e)
        {
            throw new TargetLostException($"{target.Name} answers a plain CONNECT no more: {e.Message}", e);
        }
    }

    private SuiteAbort Lose(TargetLostException e)
    {
        const int NamesMax = 5;

        // Timed cases mostly wait: what brought the server down is more likely among the others.
        (MqttVersion Version, ConformanceCase Case)[] running = [.. _running.Keys.OrderBy(key => key.Item2.Kind == CaseKind.Timed)];
        IEnumerable<string> names = running.Take(NamesMax).Select(key => $"\"{key.Case.Name}\" (MQTT {Greeting.NameOf(key.Version)})");
        string more = running.Length > NamesMax ? FormattableString.Invariant($" and {running.Length - NamesMax} more") : "";
        return new SuiteAbort(
            SuiteAbortKind.Lost,
            $"{e.Message}; it was there when the run began, and {_results.Count} of {Plan.Count} cases were done. "
                + $"While it was lost there ran {string.Join(", ", names)}{more}");
    }

    private IEnumerable<CaseResult> CaseResults(Dictionary<MqttVersion, string> unspoken) =>
        from planned in Plan
        where IsWanted(options, planned.Version, planned.Case)
        select _results.GetValueOrDefault((planned.Version, planned.Case.Name)) ?? new CaseResult(
            planned.Case.Name,
            planned.Version,
            [.. planned.Case.StatementsOf(planned.Version)],
            Verdict.NotTested,
            unspoken.TryGetValue(planned.Version, out string? why) ? why : "the run ended before it");

    private IEnumerable<CaseResult> InspectionResults(SuiteContext context)
    {
        foreach (InspectionRule rule in InspectionRules.All)
        {
            string[] statements =
            [
                .. rule.Statements.Where(id => Find(id).Version == context.Version && (options.IsWanted?.Invoke(Find(id)) ?? true)),
            ];
            if (statements.Length > 0 && context.Inspections.HasTried(rule))
            {
                string breaches = string.Join("; ", context.Inspections.BreachesOf(rule));
                Verdict verdict = breaches.Length == 0 ? Verdict.Passed : Verdict.Failed;
                yield return new CaseResult(rule.Name, context.Version, statements, verdict, breaches);
            }
        }
    }

    private static bool IsWanted(SuiteOptions options, MqttVersion version, ConformanceCase conformanceCase) =>
        options.IsWanted is null || conformanceCase.StatementsOf(version).Any(id => options.IsWanted(Find(id)));

    private static bool IsProvoking(SuiteOptions options, MqttVersion version, ConformanceCase conformanceCase) =>
        conformanceCase.Kind == CaseKind.Quick
        && options.IsWanted is not null
        && InspectionRules.All.Any(rule => rule.Statements.Any(id => Find(id).Version == version && options.IsWanted(Find(id))));

    private static Statement Find(string id) =>
        StatementTable.Find(id) ?? throw new ArgumentException($"There is no statement {id}.", nameof(id));
}
