using Starling.Bench.Loads;
using Starling.Bench.Results;
using Starling.Bench.Stages;
using Starling.Protocol;

namespace Starling.Bench.Running;

/// <summary>Takes a run through its stages, and looks at it once a second. The thread of the first loop.</summary>
internal sealed class Director(BenchRun run)
{
    private readonly List<Section> _sections = [];
    private IReadOnlyList<IStage> _stages = [];
    private Sampler? _sampler;
    private int _current = -1;
    private int _goodBye;
    private bool _isEnding;

    /// <summary>What was measured, in order. Read it when the run is over.</summary>
    public IReadOnlyList<Section> Sections => _sections;

    /// <summary>What was seen each second. Read it when the run is over.</summary>
    public IReadOnlyList<Sample> Samples => _sampler?.Samples ?? [];

    /// <summary>How many deliveries the messages of the run should have made.</summary>
    public long Expected { get; set; }

    /// <summary>Says what is to be done. Called once; the run begins then.</summary>
    /// <param name="stages">The stages in order.</param>
    /// <param name="goodBye">The first of those that a run which ends early still goes through.</param>
    /// <param name="observer">Who learns how the run goes on.</param>
    public void Prepare(IReadOnlyList<IStage> stages, int goodBye, IBenchObserver observer)
    {
        _stages = stages;
        _goodBye = goodBye;
        Volatile.Write(ref _sampler, new Sampler(run, observer));
        run.Loops[0].Post(LoopCommandKind.Wake);
    }

    public void Add(Section section) => _sections.Add(section);

    /// <summary>Does what is due; returns the monotonic time in milliseconds of the next call at the latest.</summary>
    public long Advance(in Instant now)
    {
        if (Volatile.Read(ref _sampler) is not { } sampler || run.Completion.IsCompleted)
        {
            return long.MaxValue;
        }

        if (_current < 0)
        {
            sampler.Begin(now);
            Next();
        }

        if (!_isEnding && _current < _goodBye && MustStopNow())
        {
            // What is measured is measured to here; then only good-bye is said.
            _stages[_current].Abort();
            Next();
        }

        long deadline = now.MonotonicMilliseconds;
        while (_current < _stages.Count)
        {
            long? stageDeadline = _stages[_current].Advance(now);
            if (stageDeadline is { } next)
            {
                return Math.Min(next, sampler.Advance(now, _stages[_current].Name));
            }

            Next();
        }

        sampler.End(now);
        run.Complete();
        return long.MaxValue;
    }

    // A stage that was asked to stop waits for what is under way, so that it does not count as lost; after a failure nothing comes.
    private bool MustStopNow() => run.Failure is not null || (run.IsStopRequested && !_stages[_current].TryFinish());

    private void Next()
    {
        _current++;
        if (!_isEnding && (run.IsStopRequested || run.Failure is not null))
        {
            _isEnding = true;
            _current = Math.Max(_current, _goodBye);
        }

        if (_current < _stages.Count)
        {
            _stages[_current].Begin();
        }
    }
}
