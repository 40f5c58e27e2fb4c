using System.Globalization;

namespace Starling.Bench.Observing;

/// <summary>A process of this machine, seen through /proc.</summary>
internal sealed class LinuxProcess : IBrokerProcess
{
    private const long BytesPerKibibyte = 1024;

    private readonly int _id;

    private LinuxProcess(int id) => _id = id;

    /// <summary>Finds a process; null when there is none with this id that can be seen.</summary>
    public static LinuxProcess? TryOpen(int id)
    {
        LinuxProcess process = new(id);
        return process.Read() is null ? null : process;
    }

    public BrokerUsage? Read()
    {
        long cpu = NativeClock.OfProcess(_id);
        if (cpu < 0)
        {
            return null;
        }

        try
        {
            long resident = 0;
            long peak = 0;
            foreach (string line in File.ReadLines($"/proc/{_id}/status"))
            {
                resident = line.StartsWith("VmRSS:", StringComparison.Ordinal) ? BytesOf(line) : resident;
                peak = line.StartsWith("VmHWM:", StringComparison.Ordinal) ? BytesOf(line) : peak;
            }

            return new BrokerUsage(cpu, resident, peak);
        }
        catch (IOException)
        {
            return null;
        }
    }

    // As in "VmRSS:     1234 kB".
    private static long BytesOf(string line) =>
        long.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim(" \tkB"), NumberStyles.None, CultureInfo.InvariantCulture) * BytesPerKibibyte;
}
