using Faults;
using Starling.CommitLog;

namespace Starling.Client.Tests.Outboxes;

/// <summary>Two lives of a program: one that is disturbed, and one that finishes what is left; and what must hold after both.</summary>
internal sealed class OutboxLife(MemoryLogDirectory disk, ILogDirectory? seenAs = null)
{
    // Larger than a quarter of a segment of the smallest size, so that segments come and go.
    private const int FillBytes = 12_000;
    private const int Messages = 14;

    private readonly List<string> _promised = [];
    private readonly List<string> _refused = [];

    public SessionServer Server { get; } = new();

    private ILogDirectory Directory => seenAs ?? disk;

    /// <summary>What the first life got for the last message that was not stored.</summary>
    public MqttException? Failure { get; private set; }

    /// <summary>Enqueues, QoS 1 and 2 in turn, until all is acknowledged or the program is dead; then it is killed.</summary>
    public void Run(CrashKind kind, int seed)
    {
        using OutboxProcess process = new(Directory, Server, maxBytes: 200_000);
        try
        {
            process.Connect();
            for (int i = 0; i < Messages && !disk.IsDead; i++)
            {
                Enqueue(process, i);
            }

            process.PumpUntil(() => disk.IsDead || process.Client.Outbox.Messages <= Server.Open);
        }
        catch (MqttException cause)
        {
            Failure = cause;
        }

        process.Kill(disk, kind, seed);
    }

    /// <summary>The next process sends what is left.</summary>
    public void Finish()
    {
        Server.Silent.Clear();
        using OutboxProcess process = new(Directory, Server, maxBytes: 200_000);
        process.Connect();
        process.WaitUntilEmpty();
    }

    /// <summary>What was promised has arrived, in order; QoS 2 once; what was refused has not.</summary>
    public string? FindFault()
    {
        string[] arrived = [.. Server.Taken.Distinct()];
        string[] lost = [.. _promised.Except(arrived)];
        string[] doubled = [.. Server.Taken.Where(IsQos2).GroupBy(payload => payload).Where(group => group.Count() > 1).Select(group => group.Key)];
        return (lost, doubled, arrived.SequenceEqual(arrived.Order(StringComparer.Ordinal)), _refused.Intersect(arrived).Any(), Server.Open) switch
        {
            ([_, ..], _, _, _, _) => $"lost: {string.Join(' ', lost)}",
            (_, [_, ..], _, _, _) => $"twice: {string.Join(' ', doubled)}",
            (_, _, false, _, _) => $"out of order: {string.Join(' ', Server.Taken)}",
            (_, _, _, true, _) => "sent although it was refused",
            (_, _, _, _, > 0) => $"{Server.Open} exchange(s) of QoS 2 were not ended",
            _ => null,
        };
    }

    private void Enqueue(OutboxProcess process, int number)
    {
        string payload = $"{number:00}";
        try
        {
            process.Enqueue(payload, IsQos2(payload) ? 2 : 1, FillBytes);
            _promised.Add(payload);
        }
        catch (MqttOutboxFullException cause)
        {
            Failure = cause;
            _refused.Add(payload);
        }
    }

    private static bool IsQos2(string payload) => payload[^1] % 2 == 1;
}
