using System.Globalization;
using System.Text;

namespace Starling.Cli.Commands;

/// <summary>Counts messages by topic, and prints once a second what came in it.</summary>
internal sealed class TopicStats(CommandEnvironment environment)
{
    private const int TopicsMax = 100_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Messages, long Bytes, long Total)> _topics = [];
    private long _others;

    /// <summary>Counts one message. Any thread.</summary>
    public void Count(string topic, int payloadBytes)
    {
        lock (_gate)
        {
            if (_topics.TryGetValue(topic, out (long Messages, long Bytes, long Total) known))
            {
                _topics[topic] = (known.Messages + 1, known.Bytes + payloadBytes, known.Total + 1);
            }
            else if (_topics.Count < TopicsMax)
            {
                _topics.Add(topic, (1, payloadBytes, 1));
            }
            else
            {
                _others++;
            }
        }
    }

    /// <summary>Prints until it is cancelled, and the rest then.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        Write("msg/s\tbytes/s\ttotal\ttopic\n");
        long last = environment.TimeProvider.GetTimestamp();
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(Interval, environment.TimeProvider, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            double seconds = Math.Max(environment.TimeProvider.GetElapsedTime(last).TotalSeconds, 1e-3);
            last = environment.TimeProvider.GetTimestamp();
            Write(Take(seconds));
        }
    }

    private string Take(double seconds)
    {
        StringBuilder text = new();
        lock (_gate)
        {
            foreach ((string topic, (long messages, long bytes, long total)) in _topics.Where(static known => known.Value.Messages > 0)
                .OrderByDescending(static known => known.Value.Messages).ThenBy(static known => known.Key, StringComparer.Ordinal).ToArray())
            {
                text.Append(CultureInfo.InvariantCulture, $"{messages / seconds:0.#}\t{bytes / seconds:0.#}\t{total}\t{topic}\n");
                _topics[topic] = (0, 0, total);
            }

            if (_others > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{_others / seconds:0.#}\t\t\t(topics beyond the first {TopicsMax})\n");
                _others = 0;
            }
        }

        return text.ToString();
    }

    private void Write(string text)
    {
        environment.Output.Write(Encoding.UTF8.GetBytes(text));
        environment.Output.Flush();
    }
}
