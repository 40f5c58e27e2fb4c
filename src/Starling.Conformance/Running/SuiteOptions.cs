using Starling.Conformance.Specification;
using Starling.Protocol;

namespace Starling.Conformance.Running;

/// <summary>What to run, and as whom.</summary>
internal sealed record SuiteOptions
{
    /// <summary>The versions to test.</summary>
    public IReadOnlyList<MqttVersion> Versions { get; init; } = [MqttVersion.V5, MqttVersion.V311, MqttVersion.V31];

    /// <summary>Which statements to test; null: all.</summary>
    public Predicate<Statement>? IsWanted { get; init; }

    /// <summary>Which kinds of case to run.</summary>
    public Predicate<ConformanceCase>? IsWantedCase { get; init; }

    /// <summary>The user that every case connects as, unless it is about that; null: anonymous.</summary>
    public string? UserName { get; init; }

    public byte[]? Password { get; init; }

    /// <summary>Tells this run's topics and clients from those of others on the same server: 1 to 8 letters and digits.</summary>
    public string RunName { get; init; } = "run";

    /// <summary>How many quick cases run side by side on a target that takes it.</summary>
    public int QuickCasesMax { get; init; } = 8;

    /// <summary>How long a case may take, before it counts as failed; the time of the target.</summary>
    public TimeSpan CaseTimeout { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>Told of each case when it is done; from any thread, one at a time.</summary>
    public Action<CaseResult>? CaseDone { get; init; }
}
