using System.Runtime.CompilerServices;
using Starling.Conformance.Targets;

namespace Starling.Conformance.Running;

/// <summary>Runs one case and turns what happens into a verdict.</summary>
internal static class CaseRunner
{
    /// <exception cref="TargetLostException">The target is gone.</exception>
    /// <exception cref="OperationCanceledException">The whole run was cancelled.</exception>
    public static async Task<CaseResult> RunAsync(ConformanceCase conformanceCase, SuiteContext context, CancellationToken cancellation)
    {
        TimeSpan begun = context.Target.Now;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        CaseRun run = new(context, limit.Token);
        await using ConfiguredAsyncDisposable ending = run.ConfigureAwait(false);
        (Verdict verdict, string message) = await JudgeAsync(conformanceCase, run, limit, cancellation).ConfigureAwait(false);
        return new CaseResult(conformanceCase.Name, context.Version, [.. conformanceCase.StatementsOf(context.Version)], verdict, message)
        {
            Choices = run.Choices,
            Duration = context.Target.Now - begun,
        };
    }

    private static async Task<(Verdict Verdict, string Message)> JudgeAsync(
        ConformanceCase conformanceCase, CaseRun run, CancellationTokenSource limit, CancellationToken cancellation)
    {
        if (run.Server.FindLack(conformanceCase.Needs) is string lack)
        {
            return (Verdict.NotTested, lack);
        }

        Verdict failure = conformanceCase.IsAdvice ? Verdict.NotAdvised : Verdict.Failed;
        try
        {
            if (run.Target.IsConcurrent)
            {
                limit.CancelAfter(run.CaseTimeout);
            }

            await conformanceCase.Body(run).ConfigureAwait(false);
            return (Verdict.Passed, "");
        }
        catch (CaseFailedException e)
        {
            return (failure, e.Message);
        }
        catch (CaseSkippedException e)
        {
            return (Verdict.NotTested, e.Message);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException or FormatException)
        {
            // A case took for granted what this server does not do. One case must not cost the results of all others.
            return (failure, $"the case cannot read what came: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (failure, FormattableString.Invariant($"it was not over after {run.CaseTimeout.TotalSeconds:0} s"));
        }
    }
}
