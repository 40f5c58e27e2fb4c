using CsCheck;
using Faults;

namespace Starling.CommitLog.Tests;

public sealed class CrashModelTests
{
    private static readonly Gen<(int Action, int Seed)[]> Steps = Gen.Select(Gen.Int[0, 99], Gen.Int[0, int.MaxValue]).Array[1, 150];

    [Fact]
    public void A_log_is_exactly_what_was_committed_through_any_number_of_crashes() => Steps.Sample(steps =>
    {
        MemoryLogDirectory directory = new();
        LogModel model = new(directory);
        model.Open();
        foreach ((int action, int seed) in steps)
        {
            try
            {
                Take(model, directory, action, seed);
            }
            catch (IOException) when (directory.IsDead)
            {
                Crash(directory, seed);
                model.Reopen(() => CrashAgain(directory, seed));
            }
        }

        directory.Fault = null;
        directory.Crash(CrashKind.Forget, 0);
        model.Reopen();
    });

    private static void Take(LogModel model, MemoryLogDirectory directory, int action, int seed)
    {
        switch (action)
        {
            case < 40:
                model.Append(seed, seed % 240);
                break;
            case < 45:
                model.Append(seed, 240 + (seed % 1500));
                break;
            case < 46:
                model.Append(seed, 4000 + (seed % 9000));
                break;
            case < 75:
                model.Commit();
                break;
            case < 85:
                model.Prepare();
                break;
            case < 90:
                model.FreeOldest();
                break;
            case < 97:
                // The process dies at one of the next calls, whatever it is then.
                int last = directory.Calls + 1 + (seed % 25);
                directory.Fault = call => call.Number == last ? FaultKind.Death : null;
                break;
            default:
                directory.Crash((CrashKind)(seed % 6), seed);
                model.Reopen(() => CrashAgain(directory, seed));
                break;
        }
    }

    private static void CrashAgain(MemoryLogDirectory directory, int seed)
    {
        directory.Fault = null;
        directory.Crash((CrashKind)(seed / 11 % 6), seed);
    }

    private static void Crash(MemoryLogDirectory directory, int seed)
    {
        // Every other time the next process dies too, while it recovers.
        int last = directory.Calls + 1 + (seed % 40);
        directory.Fault = seed % 2 == 0 ? call => call.Number == last ? FaultKind.Death : null : null;
        directory.Crash((CrashKind)(seed / 7 % 6), seed);
    }
}
