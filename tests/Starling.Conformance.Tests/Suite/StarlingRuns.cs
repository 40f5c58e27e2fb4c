using System.Collections.Concurrent;
using Starling.Conformance.Running;
using Starling.Conformance.Tests.Targets;
using Starling.Protocol;

[assembly: AssemblyFixture(typeof(Starling.Conformance.Tests.Suite.StarlingRuns))]

namespace Starling.Conformance.Tests.Suite;

/// <summary>Runs of the suite against our engine in memory, each made once for all tests that ask for it.</summary>
public sealed class StarlingRuns
{
    private readonly ConcurrentDictionary<string, Lazy<Task<SuiteResult>>> _runs = new();

    /// <summary>As it is by default.</summary>
    internal Task<SuiteResult> PlainAsync(int shards) =>
        RunAsync($"plain {shards}", () => new InMemoryTarget(shards), new SuiteOptions());

    /// <summary>With rules of access and login, and an Authentication Method.</summary>
    internal Task<SuiteResult> PreparedAsync(int shards) =>
        RunAsync($"prepared {shards}", () => new InMemoryTarget(shards, ports: PreparedServer.Ports()), new SuiteOptions());

    /// <summary>With every feature switched off that a server may do without; servers of 3.x cannot announce that, so 5.0 only.</summary>
    internal Task<SuiteResult> RestrictedAsync(QualityOfService maximumQos) => RunAsync(
        $"restricted {maximumQos}",
        () => new InMemoryTarget(1, PreparedServer.Restricted(maximumQos), PreparedServer.Ports()),
        new SuiteOptions { Versions = [MqttVersion.V5] });

    /// <summary>The one case of 3.1.1 that is about a missing feature, on a server that cannot announce that it is missing.</summary>
    internal Task<SuiteResult> WithoutWildcardsAsync() => RunAsync(
        "without wildcards",
        () => new InMemoryTarget(1, PreparedServer.Restricted(QualityOfService.ExactlyOnce)),
        new SuiteOptions { Versions = [MqttVersion.V311], IsWantedCase = one => one.Statements is ["MQTT311-3.8.3-2"] });

    /// <summary>The runs that the document is written from.</summary>
    internal async Task<IReadOnlyList<SuiteResult>> AllAsync() =>
    [
        await PlainAsync(2), await PreparedAsync(2), await RestrictedAsync(QualityOfService.AtMostOnce),
        await RestrictedAsync(QualityOfService.AtLeastOnce), await WithoutWildcardsAsync(),
    ];

    private Task<SuiteResult> RunAsync(string name, Func<InMemoryTarget> target, SuiteOptions options) => _runs
        .GetOrAdd(name, _ => new Lazy<Task<SuiteResult>>(() => new SuiteRunner(target(), options).RunAsync(CancellationToken.None)))
        .Value;
}
