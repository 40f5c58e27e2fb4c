namespace Starling.Crash.Ledger;

/// <summary>The counts of all rounds. Safe to use from any thread.</summary>
internal sealed class Tally
{
    private readonly long[] _counts = new long[Enum.GetValues<Count>().Length];

    public long this[Count count] => Volatile.Read(ref _counts[(int)count]);

    public void Add(Count count, long more = 1) => Interlocked.Add(ref _counts[(int)count], more);

    /// <summary>One line, with what the findings say beside it.</summary>
    public string Summary(Findings findings) =>
        $"{this[Count.Rounds]} rounds, {this[Count.Kills]} kills ({this[Count.KillsWhileStarting]} while starting), "
        + $"{this[Count.Published]} messages published, acknowledged {this[Count.AcknowledgedQos1]} QoS 1 and {this[Count.AcknowledgedQos2]} QoS 2, "
        + $"{this[Count.OtherAcknowledgements]} other acknowledgements, {this[Count.Delivered]} delivered ({this[Count.Redelivered]} again), "
        + $"{this[Count.DeliveriesChecked]} owed; lost {findings.CountOf(Fault.Lost)}, doubled QoS 2 {findings.CountOf(Fault.Doubled)}, "
        + $"out of order {findings.CountOf(Fault.OutOfOrder)}; {this[Count.Sessions]} sessions resumed, {findings.CountOf(Fault.Session)} wrong; "
        + $"{this[Count.RetainedChecked]} retained read, {findings.CountOf(Fault.Retained)} wrong; {this[Count.Wills]} wills due, "
        + $"{this[Count.WillsCancelled]} cancelled, {findings.CountOf(Fault.Will)} wrong; other findings {OtherThanThese(findings)}";

    private static int OtherThanThese(Findings findings) =>
        findings.CountOf(Fault.Stray) + findings.CountOf(Fault.Refused) + findings.CountOf(Fault.Stalled) + findings.CountOf(Fault.Broker);
}
