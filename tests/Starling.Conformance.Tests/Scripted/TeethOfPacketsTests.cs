namespace Starling.Conformance.Tests.Scripted;

/// <summary>The teeth of the suite in chapters 1 to 3.3: it sees every fault, and blames what the fault breaks and nothing else.</summary>
public sealed class TeethOfPacketsTests
{
    public static TheoryData<string> Faults { get; } =
    [
        .. Enum.GetValues<Fault>().Where(fault => fault is > Fault.None and < Fault.PubAckIdentifierCut).Select(fault => fault.ToString()),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public Task A_fault_turns_exactly_the_expected_statements_red(string fault) => Teeth.BiteAsync(Enum.Parse<Fault>(fault));

    [Fact]
    public void The_table_has_every_fault_once_and_in_order() => Assert.Equal(
        Enum.GetValues<Fault>().Where(fault => fault != Fault.None),
        FaultExpectation.All.Select(expectation => expectation.Fault));

    [Fact]
    public void A_gap_has_a_reason() =>
        Assert.All(FaultExpectation.All, expectation => Assert.Equal(expectation.IsGap, expectation.Reason.Length > 0));
}
