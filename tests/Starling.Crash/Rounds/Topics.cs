using Starling.Crash.Ledger;

namespace Starling.Crash.Rounds;

/// <summary>All streams of a trial, and the filters that match them.</summary>
internal sealed class Topics
{
    public const string AllLoad = "load/#";
    public const string LoadOfQos1 = "load/+/q1";
    public const string AllRetained = "keep/#";
    private const int Publishers = 4;
    private const int Keepers = 2;
    private const int TopicsPerKeeper = 4;
    private int _index;

    public Topics()
    {
        Load = [.. Enumerable.Range(0, Publishers).Select(publisher => Pair($"load/{publisher}"))];
        Foreign = Pair("load/foreign");
        Retained = [.. Enumerable.Range(0, Keepers).Select(keeper => Keep(keeper))];
    }

    /// <summary>The streams of each publisher, one of QoS 1 and one of QoS 2.</summary>
    public IReadOnlyList<IReadOnlyList<MessageStream>> Load { get; }

    public IReadOnlyList<MessageStream> Foreign { get; }

    /// <summary>The retained streams of each publisher of such.</summary>
    public IReadOnlyList<IReadOnlyList<MessageStream>> Retained { get; }

    public IReadOnlyList<MessageStream> All => [.. Matching(AllLoad), .. Matching(AllRetained)];

    public IReadOnlyList<MessageStream> Matching(string filter)
    {
        MessageStream[] load = [.. Load.SelectMany(streams => streams), .. Foreign];
        return filter switch
        {
            AllLoad => load,
            LoadOfQos1 => [.. load.Where(stream => stream.Qos == 1)],
            _ => [.. Retained.SelectMany(streams => streams)],
        };
    }

    private MessageStream[] Pair(string prefix) =>
        [new MessageStream(_index++, $"{prefix}/q1", 1), new MessageStream(_index++, $"{prefix}/q2", 2)];

    private MessageStream[] Keep(int keeper) =>
        [.. Enumerable.Range(0, TopicsPerKeeper).Select(topic => new MessageStream(_index++, $"keep/{keeper}/{topic}", 1 + keeper) { IsRetained = true })];
}
