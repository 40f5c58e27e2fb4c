using Starling.Client;

namespace Starling.Cli.Tests.Mosquitto;

/// <summary>One command line that both tools are given, on the same broker.</summary>
/// <param name="Tool">pub, sub, rr or passwd.</param>
/// <param name="Flag">Which flag it shows, as the help of mosquitto spells it.</param>
/// <param name="Args">The words; {t} is a topic of the row's own, {p} the port, {f} a folder, {u} the Unix socket.</param>
public sealed record FlagRow(string Tool, string Flag, string Args)
{
    /// <summary>The standard input.</summary>
    public string Input { get; init; } = "";

    /// <summary>Published before the run; topics begin with {t}.</summary>
    public IReadOnlyList<MqttMessage> Before { get; init; } = [];

    /// <summary>Published as soon as the tool has subscribed.</summary>
    public IReadOnlyList<MqttMessage> Feed { get; init; } = [];

    /// <summary>How the tool reaches the broker.</summary>
    internal ProxyKind Proxy { get; init; }

    /// <summary>Why mosquitto itself does not always do the same; null: it does. What <see cref="Differs"/> names is not compared then.</summary>
    public string? Varies { get; init; }

    /// <summary>Why ours is to differ from mosquitto's; null: it is not.</summary>
    public string? Difference { get; init; }

    /// <summary>What differs, when something does.</summary>
    public Differing Differs { get; init; }

    /// <summary>Published when the request of rr has come.</summary>
    public IReadOnlyList<MqttMessage> Answer { get; init; } = [];

    /// <summary>Whether digits of the output are times, so that only their places are compared.</summary>
    public bool HasTimes { get; init; }

    public override string ToString() => $"{Tool} {Flag}: {Args}";
}
