using System.Text;
using Starling.Conformance.Wire;

namespace Starling.Crash.Ledger;

/// <summary>The wills of a trial, and what came of them to its watchers. Safe to use from any thread.</summary>
internal sealed class WillLedger(Scene scene, int watchers)
{
    public const string TopicPrefix = "will/";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Will> _wills = [];

    /// <summary>CONNECT leaves; until more is known the will may be published or not.</summary>
    public Will Add(string name, int qos)
    {
        lock (_gate)
        {
            return _wills[name] = new Will(name, qos, watchers);
        }
    }

    /// <summary>False: it is a will, and is taken; true: it is something else.</summary>
    public bool Watch(int watcher, WirePacket packet)
    {
        if (!packet.Topic.StartsWith(TopicPrefix, StringComparison.Ordinal))
        {
            return true;
        }

        lock (_gate)
        {
            if (!_wills.TryGetValue(Encoding.UTF8.GetString(packet.Payload), out Will? will))
            {
                scene.Findings.Add(Fault.Will, $"a will on {packet.Topic} that nobody has");
            }
            else if (++will.Times[watcher] > 1 && will.Qos == 2)
            {
                scene.Findings.Add(Fault.Will, $"the will of {will.Name} was published again");
            }
        }

        scene.Changed();
        return false;
    }

    /// <summary>Whether every will that is due has come to every watcher.</summary>
    public bool IsDrained()
    {
        lock (_gate)
        {
            return _wills.Values.All(will => will.IsDue != true || will.Times.All(times => times > 0));
        }
    }

    /// <summary>Reports what is missing, and what came though it was cancelled.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            foreach (Will will in _wills.Values.Where(will => will.IsDue is not null))
            {
                bool isDue = will.IsDue == true;
                scene.Tally.Add(isDue ? Count.Wills : Count.WillsCancelled);
                for (int watcher = 0; watcher < watchers; watcher++)
                {
                    if (will.Times[watcher] > 0 != isDue)
                    {
                        scene.Findings.Add(Fault.Will, $"watcher {watcher} got the will of {will.Name} (QoS {will.Qos}) {will.Times[watcher]} times");
                    }
                }

                // A copy that comes in a later round is one too many.
                will.IsDue = null;
            }
        }
    }
}
