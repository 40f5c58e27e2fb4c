using Starling.Conformance.Cases;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>Topic Names, Topic Filters, and which goes with which.</summary>
internal static class Topics
{
    public const string SharePrefix = "$share/";

    public static bool IsName(string topic) => topic.Length > 0 && !topic.AsSpan().ContainsAny('+', '#');

    /// <summary>Whether a Topic Filter, without a share, is written as it must be.</summary>
    public static bool IsFilter(string filter, Fault fault)
    {
        string[] levels = filter.Split('/');
        for (int i = 0; i < levels.Length; i++)
        {
            bool isHashPlaced = levels[i].Length == 1 && i == levels.Length - 1;
            bool isHashGood = isHashPlaced || !levels[i].Contains('#') || fault == Fault.MisplacedHashTolerated;
            bool isPlusGood = !levels[i].Contains('+') || levels[i].Length == 1 || fault == Fault.MisplacedPlusTolerated;
            if (!isHashGood || !isPlusGood)
            {
                return false;
            }
        }

        return filter.Length > 0 || fault == Fault.EmptyFilterTolerated;
    }

    public static bool IsDenied(string topicOrFilter) => topicOrFilter.StartsWith(Preparation.DeniedPrefix, StringComparison.Ordinal);

    public static bool IsMatch(string filter, string topic, Fault fault)
    {
        if (topic.StartsWith('$') && filter[0] is '+' or '#' && fault != Fault.WildcardMatchesDollar)
        {
            return false;
        }

        if (fault == Fault.LetterCaseIgnored)
        {
            filter = filter.ToUpperInvariant();
            topic = topic.ToUpperInvariant();
        }

        string[] filterLevels = filter.Split('/');
        string[] levels = topic.Split('/');
        for (int i = 0; i < filterLevels.Length; i++)
        {
            if (filterLevels[i] == "#")
            {
                return i < levels.Length || fault != Fault.HashWithoutParent;
            }

            bool isLevel = i < levels.Length && (filterLevels[i] == levels[i] || filterLevels[i] == "+");
            if (!isLevel || (fault == Fault.PlusNeedsCharacter && filterLevels[i] == "+" && levels[i].Length == 0))
            {
                return false;
            }
        }

        return filterLevels.Length == levels.Length || (fault == Fault.FilterMatchesBelow && filterLevels.Length < levels.Length);
    }
}
