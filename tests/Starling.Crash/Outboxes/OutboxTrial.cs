using System.Globalization;
using Starling.Crash.Processes;
using Starling.Crash.Serving;

namespace Starling.Crash.Outboxes;

/// <summary>A client with an outbox file, killed at random moments under load, life after life; then one that sends what is left.</summary>
internal sealed class OutboxTrial(OutboxLayer layer, int seed)
{
    private static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(120);
    private readonly List<int> _stored = [];

    /// <summary>Messages whose ticket had returned.</summary>
    public int Promised => _stored.Sum(static last => last + 1);

    /// <summary>Promised messages that did not come.</summary>
    public int Lost { get; private set; }

    /// <summary>QoS 2 messages that came more than once.</summary>
    public int Doubled { get; private set; }

    /// <summary>Messages that came first after one that was enqueued later on the same topic.</summary>
    public int Late { get; private set; }

    /// <summary>QoS 1 messages that came again.</summary>
    public int Repeated { get; private set; }

    /// <summary>What the outbox said when it could not be opened again; null when it could.</summary>
    public string? Refusal { get; private set; }

    public bool IsClean => Lost + Doubled + Late == 0 && Refusal is null;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_stored.Count} kills, {Promised} tickets, {Lost} lost, {Doubled} of QoS 2 twice, {Late} out of order, {Repeated} of QoS 1 again{(Refusal is null ? "" : $", refused: {Refusal}")}");

    public async Task RunAsync(int lives)
    {
        string folder = Directory.CreateTempSubdirectory("starling-outbox-").FullName;
        try
        {
            await using BrokerProcess broker = BrokerProcess.Start(new BrokerArguments { Layer = FileLayer.Memory, Seed = seed });
            int port = await broker.WaitForPortAsync().ConfigureAwait(false);
            using OutboxReceiver receiver = new();
            await receiver.ConnectAsync(port).ConfigureAwait(false);
            Random random = new(seed);
            for (int life = 0; life < lives && Refusal is null; life++)
            {
                await LiveAsync(folder, port, life, random.Next(20, 400)).ConfigureAwait(false);
            }

            await DrainAsync(folder, port, lives).ConfigureAwait(false);
            await receiver.SendEndAsync().ConfigureAwait(false);
            await receiver.Ended.WaitAsync(HangLimit).ConfigureAwait(false);
            Judge(receiver.Received());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task LiveAsync(string folder, int port, int life, int milliseconds)
    {
        await using OutboxChild child = OutboxChild.Start(layer, folder, port, life, int.MaxValue);
        try
        {
            await child.Ready.WaitAsync(HangLimit).ConfigureAwait(false);
        }
        catch (InvalidOperationException cause)
        {
            Refusal = cause.Message.Split('\n')[0];
            return;
        }

        using PeriodicTimer until = new(TimeSpan.FromMilliseconds(milliseconds));
        await until.WaitForNextTickAsync().ConfigureAwait(false);
        await child.KillAsync().ConfigureAwait(false);
        _stored.Add(child.Stored);
    }

    private async Task DrainAsync(string folder, int port, int life)
    {
        if (Refusal is not null)
        {
            return;
        }

        await using OutboxChild child = OutboxChild.Start(layer, folder, port, life, 0);
        (int code, string errors) = await child.WaitForEndAsync(HangLimit).ConfigureAwait(false);
        Refusal = code == 0 ? null : errors.Split('\n')[0];
    }

    private void Judge(List<(int Qos, int Life, int Number)> received)
    {
        HashSet<(int Life, int Number)> seen = [];
        Dictionary<int, (int Life, int Number)> last = [];
        foreach ((int qos, int life, int number) in received)
        {
            if (!seen.Add((life, number)))
            {
                Doubled += qos == 2 ? 1 : 0;
                Repeated += qos == 1 ? 1 : 0;
            }
            else if (last.TryGetValue(qos, out (int Life, int Number) before) && before.CompareTo((life, number)) > 0)
            {
                Late++;
            }
            else
            {
                last[qos] = (life, number);
            }
        }

        for (int life = 0; life < _stored.Count; life++)
        {
            Lost += Enumerable.Range(0, _stored[life] + 1).Count(number => !seen.Contains((life, number)));
        }
    }
}
