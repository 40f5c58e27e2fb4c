using System.Globalization;
using System.Text;
using Starling.Broker.Routing;
using Starling.Broker.Sessions;

namespace Starling.Micro.Matching;

/// <summary>
/// A tree of subscriptions, a quarter of them without a wildcard, and topics of which each matches exactly one. Sessions have 100
/// subscriptions each.
/// </summary>
internal sealed class FilterSet
{
    private const int PerSession = 100;
    private const int Seed = 20_261;

    /// <param name="count">The number of filters.</param>
    /// <param name="topics">The number of topics at most, drawn without order from those that match.</param>
    public FilterSet(int count, int topics)
    {
        Session? session = null;
        for (int i = 0; i < count; i++)
        {
            if (i % PerSession == 0)
            {
                // Routing never asks a session for its shard.
                session = new Session { Number = (ulong)i, ClientIdentifier = i.ToString(CultureInfo.InvariantCulture), Shard = null! };
            }

            Tree.Add(0, new Subscription { Session = session!, Filter = Filter(i) }, persistent: false);
        }

        int[] numbers = [.. Enumerable.Range(0, count)];
        new Random(Seed).Shuffle(numbers);
        Topics = [.. numbers.Take(topics).Select(Topic)];
    }

    public SubscriptionTree Tree { get; } = new(1, Seed);

    public byte[][] Topics { get; }

    private static string Plant(int i) => $"plant{i / 10_000}";

    private static string Line(int i) => $"line{i / 100 % 100}";

    private static byte[] Topic(int i) => Encoding.UTF8.GetBytes($"{Plant(i)}/{Line(i)}/device{i}/temperature");

    private static byte[] Filter(int i) => Encoding.UTF8.GetBytes((i % 4) switch
    {
        0 => $"{Plant(i)}/{Line(i)}/device{i}/temperature",
        1 => $"{Plant(i)}/{Line(i)}/device{i}/+",
        2 => $"{Plant(i)}/+/device{i}/#",
        _ => $"+/{Line(i)}/device{i}/temperature",
    });
}
