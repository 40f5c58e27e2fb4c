namespace Starling.Conformance.Tests.Scripted;

/// <summary>One subscription of a session.</summary>
/// <param name="Filter">Its Topic Filter, without the share.</param>
/// <param name="Share">The ShareName; null for an ordinary one.</param>
/// <param name="Options">The options byte.</param>
/// <param name="Identifier">The Subscription Identifier; 0: none.</param>
internal sealed record ScriptedSubscription(string Filter, string? Share, int Options, int Identifier)
{
    private readonly bool _hasWildcard = Filter.AsSpan().ContainsAny('+', '#');

    public int Qos => Options & 3;

    public bool NoLocal => (Options & 4) != 0;

    public bool RetainAsPublished => (Options & 8) != 0;

    public int RetainHandling => (Options >> 4) & 3;

    public bool IsMatch(string topic, Fault fault) =>
        Filter == topic
        || ((_hasWildcard || fault is Fault.LetterCaseIgnored or Fault.FilterMatchesBelow) && Topics.IsMatch(Filter, topic, fault));
}
