using Starling.Protocol;

namespace Starling.Conformance.Inspection;

/// <summary>What inspection has seen in one version; filled by cases that run side by side.</summary>
internal sealed class InspectionLog
{
    private const int PacketTypes = 16;
    private const int ShownMax = 3;

    private readonly Lock _gate = new();
    private readonly int[] _packets = new int[PacketTypes];
    private readonly Dictionary<InspectionRule, SortedSet<string>> _breaches = [];

    /// <summary>How many packets were inspected.</summary>
    public int Packets { get; private set; }

    /// <summary>A packet is inspected.</summary>
    public void Count(PacketType type = PacketType.None)
    {
        lock (_gate)
        {
            Packets++;
            _packets[(int)type]++;
        }
    }

    /// <summary>Whether a packet was inspected that the rule is about.</summary>
    public bool HasTried(InspectionRule rule)
    {
        lock (_gate)
        {
            return rule.Packets.Count == 0 ? Packets > 0 : rule.Packets.Any(type => _packets[(int)type] > 0);
        }
    }

    public void Add(Breach breach)
    {
        lock (_gate)
        {
            if (!_breaches.TryGetValue(breach.Rule, out SortedSet<string>? known))
            {
                _breaches[breach.Rule] = known = new SortedSet<string>(StringComparer.Ordinal);
            }

            // The first ones in their order, and not in time: so it is small, and the same in every run.
            known.Add(breach.What);
            if (known.Count > ShownMax && known.Max is { } last)
            {
                known.Remove(last);
            }
        }
    }

    /// <summary>What broke this rule: a few samples, in order.</summary>
    public IReadOnlyList<string> BreachesOf(InspectionRule rule)
    {
        lock (_gate)
        {
            return _breaches.TryGetValue(rule, out SortedSet<string>? known) ? [.. known] : [];
        }
    }
}
