using System.Collections.Immutable;

namespace Starling.EndToEnd.Tests.Brokers;

/// <summary>How a broker of a test is started.</summary>
internal sealed record BrokerSettings
{
    /// <summary>Options as <c>--set</c> takes them, Section:Key.</summary>
    public ImmutableDictionary<string, string> Options { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The port; 0: a free one.</summary>
    public int Port { get; init; }

    /// <summary>Where durable state is kept; null: in memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Without the start message and without a log.</summary>
    public bool IsQuiet { get; init; }

    public static BrokerSettings Default { get; } = new();

    public BrokerSettings With(string key, string value) => this with { Options = Options.SetItem(key, value) };

    /// <summary>Publishes the $SYS topics every second, so that a test sees a counter soon.</summary>
    public BrokerSettings WithFastSys() => With("SysInterval", "1s");
}
