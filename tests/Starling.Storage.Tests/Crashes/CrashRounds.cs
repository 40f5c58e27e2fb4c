using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Starling.Storage.Tests.Crashes;

/// <summary>
/// Starts the process that commits, kills it at some moment, damages what it had not synced, and starts it again on what is left: it must
/// find every batch that it had acknowledged, and at most the one after it, exactly.
/// </summary>
internal sealed class CrashRounds(int seed, string folder)
{
    public const string PowerCut = "power-cut";
    public const string Plain = "plain";
    public const string OpenedWord = "opened";
    public const string StoredWord = "stored";
    public const string WrongWord = "wrong";

    private const int RoundsOfStore = 10;

    private readonly Random _random = new(seed);
    private string _directory = "";
    private int _storeSeed;
    private long _batch;
    private ulong _segment;
    private long _end;

    public CrashCounts Counts { get; } = new();

    public void Run(int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            if (round % RoundsOfStore == 0)
            {
                BeginStore(round);
            }

            Round(round);
            Counts.Rounds++;
        }
    }

    private void BeginStore(int round)
    {
        if (_directory.Length > 0)
        {
            Directory.Delete(_directory, recursive: true);
        }

        _directory = Path.Join(folder, $"store-{round}");
        _storeSeed = _random.Next();
        _batch = 0;
        _segment = 0;
        _end = 0;
    }

    private void Round(int round)
    {
        bool isPowerCut = _random.Next(4) == 0;
        using Process child = Start(isPowerCut ? PowerCut : Plain);
        using ManualResetEventSlim isTime = new();
        List<string> lines = [];
        int batches = _random.Next(1, 80);
        Thread reading = new(() => Read(child, lines, batches, isTime));
        reading.Start();
        if (_random.Next(6) == 0)
        {
            child.WaitForExit(_random.Next(300));
        }
        else
        {
            // The moment is as random as two processes on one machine are to each other, and a little more.
            isTime.Wait(TimeSpan.FromMinutes(1));
            child.WaitForExit(_random.Next(8));
        }

        bool hasEnded = child.HasExited;
        child.Kill();
        child.WaitForExit();
        reading.Join();
        string last = lines.LastOrDefault() ?? "";
        if (hasEnded || last.StartsWith(WrongWord, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"seed {seed}, round {round}: {last}\n{child.StandardError.ReadToEnd()}");
        }

        Note(lines);
        if (isPowerCut)
        {
            Counts.PowerCuts++;
        }
        else
        {
            TailDamage damage = (TailDamage)_random.Next(Enum.GetValues<TailDamage>().Length);
            Counts.Damaged[damage] = Counts.Damaged.GetValueOrDefault(damage) + 1;
            Damage(damage);
        }
    }

    private Process Start(string mode)
    {
        ProcessStartInfo start = new(Path.Join(AppContext.BaseDirectory, "Starling.Storage.Tests"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in new[] { "--crash-child", _directory, mode, Text(_storeSeed), Text(_batch) })
        {
            start.ArgumentList.Add(argument);
        }

        // Short runs gain nothing from compiling again in the background.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start) ?? throw new InvalidOperationException("the process does not start");
    }

    private static void Read(Process child, List<string> lines, int batches, ManualResetEventSlim isTime)
    {
        while (child.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
            if (lines.Count > batches)
            {
                isTime.Set();
            }
        }

        isTime.Set();
    }

    private void Note(List<string> lines)
    {
        if (lines.Count == 0)
        {
            Counts.KilledOpening++;
            return;
        }

        long[] first = Numbers(lines[0]);
        long[] last = Numbers(lines[^1]);
        Counts.Unacknowledged += first[0] > _batch ? 1 : 0;
        Counts.Batches += last[0] - first[0];
        Counts.Checkpoints += last[3];
        Counts.Compacted += last[4];
        Counts.Freed += last[5];
        Counts.Segments = Math.Max(Counts.Segments, last[1]);
        _batch = last[0];
        _segment = (ulong)last[1];
        _end = last[2];
    }

    // Only what lies behind the last acknowledged commit: in its segment, and in those after it.
    private void Damage(TailDamage damage)
    {
        if (damage == TailDamage.None || _segment == 0)
        {
            return;
        }

        string log = Path.Join(_directory, "log");
        foreach (string file in Directory.GetFiles(log, "*.seg").Order(StringComparer.Ordinal))
        {
            ulong id = ulong.Parse(Path.GetFileNameWithoutExtension(file), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (id >= _segment)
            {
                DamageFrom(file, id == _segment ? _end : 0, damage);
            }
        }
    }

    private void DamageFrom(string file, long end, TailDamage damage)
    {
        using SafeFileHandle handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        long length = RandomAccess.GetLength(handle);
        if (end >= length)
        {
            return;
        }

        byte[] bytes = new byte[_random.Next(1, (int)Math.Min(length - end, 40_000) + 1)];
        long offset = end + (_random.Next(2) == 0 ? 0 : _random.Next((int)Math.Min(length - end - bytes.Length, 4000) + 1));
        switch (damage)
        {
            case TailDamage.Cut:
                RandomAccess.SetLength(handle, offset);
                return;
            case TailDamage.Noise:
                _random.NextBytes(bytes);
                break;
            case TailDamage.Flipped:
                RandomAccess.Read(handle, bytes, offset);
                bytes[_random.Next(Math.Min(bytes.Length, 2000))] ^= (byte)(1 << _random.Next(8));
                break;
        }

        RandomAccess.Write(handle, bytes, offset);
    }

    private static long[] Numbers(string line) =>
        [.. line.Split(' ').Skip(1).Select(number => long.Parse(number, CultureInfo.InvariantCulture))];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
