using Faults;
using Starling.Protocol;

namespace Starling.Client.Tests.Outboxes;

/// <summary>
/// A program with an outbox file dies in each call that it makes of its disk, with each loss of what was not synced; and each call
/// fails once. Builds with mistakes must be found, which proves that these tests can fail.
/// </summary>
public sealed class OutboxCrashTests
{
    private const int CallsMin = 30;

    [Theory]
    [InlineData(CrashKind.Process), InlineData(CrashKind.Forget), InlineData(CrashKind.Tear), InlineData(CrashKind.Cut), InlineData(CrashKind.Zero), InlineData(CrashKind.Flip)]
    public void Nothing_is_lost_doubled_or_reordered_by_death_in_any_call(CrashKind kind)
    {
        int calls = 1;
        for (bool isDead = true; isDead; calls++)
        {
            (string? fault, isDead) = Die(new MemoryLogDirectory(), calls, kind, isSilent: calls % 3 == 0);
            Assert.True(fault is null, $"{kind}, call {calls}: {fault}");
        }

        Assert.True(calls > CallsMin, $"It made only {calls} calls.");
    }

    [Theory]
    [InlineData(FaultKind.Error), InlineData(FaultKind.Full), InlineData(FaultKind.Partial), InlineData(FaultKind.PartialFull)]
    public void Any_call_that_fails_once_loses_nothing_and_says_what_it_is(FaultKind kind)
    {
        int calls = 1;
        for (bool isHit = true; isHit; calls++)
        {
            isHit = false;
            MemoryLogDirectory disk = new();
            int failing = calls;
            disk.Fault = call =>
            {
                isHit |= call.Number == failing;
                return call.Number == failing ? kind : null;
            };
            OutboxLife life = new(disk);
            life.Run(CrashKind.Forget, calls);
            disk.Fault = null;
            life.Finish();

            Assert.True(life.FindFault() is null, $"{kind}, call {calls}: {life.FindFault()}; {life.Failure?.Message}");
            Assert.True(life.Failure is null or MqttOutboxException or MqttOutboxFullException, $"call {calls}: {life.Failure}");
        }

        Assert.True(calls > CallsMin, $"It made only {calls} calls.");
    }

    [Fact]
    public void A_build_that_forgets_PUBREC_is_found()
    {
        List<string> faults = [];
        bool isDead = true;
        for (int calls = 1; isDead; calls++)
        {
            MemoryLogDirectory disk = new();
            disk.Fault = DieIn(calls);
            OutboxLife life = new(disk, new RewritingDirectory(disk, ForgetPubRec));

            // An exchange that has been released and not completed is the one that must not begin anew.
            life.Server.Silent.Add(PacketType.PubRel);
            life.Run(CrashKind.Process, calls);
            isDead = disk.Calls >= calls;
            disk.Fault = null;
            life.Finish();
            faults.AddRange(life.FindFault() is { } fault ? [fault] : []);
        }

        Assert.Contains(faults, fault => fault.StartsWith("twice", StringComparison.Ordinal));
    }

    [Fact]
    public void A_build_that_does_not_sync_is_found()
    {
        List<string> faults = [];
        bool isDead = true;
        for (int calls = 1; isDead; calls++)
        {
            MemoryLogDirectory disk = new();
            (string? fault, isDead) = Die(disk, calls, CrashKind.Forget, isSilent: true, withoutSync: true);
            faults.AddRange(fault is null ? [] : [fault]);
        }

        Assert.Contains(faults, fault => fault.StartsWith("lost", StringComparison.Ordinal));
    }

    private static (string? Fault, bool IsDead) Die(MemoryLogDirectory disk, int call, CrashKind kind, bool isSilent, bool withoutSync = false)
    {
        disk.Fault = DieIn(call);
        OutboxLife life = new(disk, withoutSync ? new UnsyncedDirectory(disk) : null);
        if (isSilent)
        {
            life.Server.Silent.Add(PacketType.PubRel);
        }

        life.Run(kind, call);
        bool isDead = disk.Calls >= call;
        disk.Fault = null;
        if (withoutSync)
        {
            // A log of such a build may be beyond what recovery takes.
            try
            {
                life.Finish();
            }
            catch (MqttOutboxException)
            {
                return ("lost: the outbox", isDead);
            }
        }
        else
        {
            life.Finish();
        }

        return (life.FindFault(), isDead);
    }

    private static Func<LogCall, FaultKind?> DieIn(int number) => call => call.Number == number ? FaultKind.Death : null;

    private static void ForgetPubRec(in Starling.CommitLog.RecordHeader header, Span<byte> content)
    {
        if (header.Type == 2)
        {
            content[0] = 0;
        }
    }
}
