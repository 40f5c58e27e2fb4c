using System.Globalization;
using System.Text;
using Starling.Protocol;

namespace Starling.Broker.Diagnostics;

/// <summary>
/// Computes the $SYS topics, with the names and the formats of Mosquitto 2.0 and a topic of our own for each reason of a drop.
/// Only values that changed are given, after the first time.
/// </summary>
/// <param name="version">Of the broker, for example 1.2.3.</param>
/// <param name="started">When the broker started.</param>
internal sealed class SysTopics(string version, Instant started)
{
    private const long Never = long.MinValue;

    private readonly long[] _counts = Filled(SysCount.All.Length, Never);
    private readonly long[] _loadCounters = new long[SysLoad.All.Length];
    private readonly double[] _loads = new double[SysLoad.All.Length * SysLoad.WindowsMinutes.Length];
    private readonly long[] _loadHundredths = Filled(SysLoad.All.Length * SysLoad.WindowsMinutes.Length, Never);
    private readonly string[] _loadTopics = NameLoads();
    private bool _versionIsGiven;
    private long _uptimeSeconds = Never;
    private long _connectionsMost = Never;
    private long _heapMost = Never;
    private long _lastMonotonicMilliseconds = started.MonotonicMilliseconds;

    /// <summary>Gives the topics that have a new value.</summary>
    public void Update(in SysSample sample, in Instant now, ISysTopicReceiver receiver)
    {
        if (!_versionIsGiven)
        {
            _versionIsGiven = true;
            receiver.OnTopic("$SYS/broker/version", Encoding.UTF8.GetBytes($"starling version {version}"));
        }

        UpdateUptime(now, receiver);
        UpdateCounts(sample, receiver);
        UpdateMost("$SYS/broker/clients/maximum", sample.Counters.ConnectionsNow, ref _connectionsMost, receiver);
        UpdateMost("$SYS/broker/heap/maximum", sample.HeapBytes, ref _heapMost, receiver);
        UpdateLoads(sample, now, receiver);
    }

    private void UpdateUptime(in Instant now, ISysTopicReceiver receiver)
    {
        long seconds = (now.MonotonicMilliseconds - started.MonotonicMilliseconds) / 1000;
        if (seconds != _uptimeSeconds)
        {
            _uptimeSeconds = seconds;
            receiver.OnTopic("$SYS/broker/uptime", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds} seconds")));
        }
    }

    private void UpdateCounts(in SysSample sample, ISysTopicReceiver receiver)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            SysCount count = SysCount.All[i];
            long value = count.Read(sample);
            if (value != _counts[i])
            {
                _counts[i] = value;
                GiveNumber(count.Topic, value, receiver);
            }
        }
    }

    private static void UpdateMost(string topic, long value, ref long most, ISysTopicReceiver receiver)
    {
        if (value > most)
        {
            most = value;
            GiveNumber(topic, value, receiver);
        }
    }

    private void UpdateLoads(in SysSample sample, in Instant now, ISysTopicReceiver receiver)
    {
        long intervalMilliseconds = now.MonotonicMilliseconds - _lastMonotonicMilliseconds;
        _lastMonotonicMilliseconds = now.MonotonicMilliseconds;
        for (int i = 0; i < SysLoad.All.Length; i++)
        {
            long counter = SysLoad.All[i].Read(sample);
            for (int window = 0; window < SysLoad.WindowsMinutes.Length; window++)
            {
                int index = (i * SysLoad.WindowsMinutes.Length) + window;
                if (intervalMilliseconds > 0)
                {
                    long growth = counter - _loadCounters[i];
                    _loads[index] = SysLoad.Next(_loads[index], growth, intervalMilliseconds, SysLoad.WindowsMinutes[window]);
                }

                GiveLoad(index, receiver);
            }

            _loadCounters[i] = intervalMilliseconds > 0 ? counter : _loadCounters[i];
        }
    }

    private void GiveLoad(int index, ISysTopicReceiver receiver)
    {
        long hundredths = (long)Math.Round(_loads[index] * 100);
        if (hundredths == _loadHundredths[index])
        {
            return;
        }

        _loadHundredths[index] = hundredths;
        Span<byte> text = stackalloc byte[64];
        (hundredths / 100m).TryFormat(text, out int written, "F2", CultureInfo.InvariantCulture);
        receiver.OnTopic(_loadTopics[index], text[..written]);
    }

    private static void GiveNumber(string topic, long value, ISysTopicReceiver receiver)
    {
        Span<byte> text = stackalloc byte[20];
        value.TryFormat(text, out int written, default, CultureInfo.InvariantCulture);
        receiver.OnTopic(topic, text[..written]);
    }

    private static string[] NameLoads()
    {
        List<string> topics = [];
        foreach (SysLoad load in SysLoad.All)
        {
            foreach (int minutes in SysLoad.WindowsMinutes)
            {
                topics.Add(string.Create(CultureInfo.InvariantCulture, $"{load.Topic}/{minutes}min"));
            }
        }

        return [.. topics];
    }

    private static long[] Filled(int length, long value)
    {
        long[] values = new long[length];
        Array.Fill(values, value);
        return values;
    }
}
