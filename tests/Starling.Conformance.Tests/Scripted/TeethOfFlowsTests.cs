namespace Starling.Conformance.Tests.Scripted;

/// <summary>The teeth of the suite from chapter 3.4 on: it sees every fault, and blames what the fault breaks and nothing else.</summary>
public sealed class TeethOfFlowsTests
{
    public static TheoryData<string> Faults { get; } =
        [.. Enum.GetValues<Fault>().Where(fault => fault >= Fault.PubAckIdentifierCut).Select(fault => fault.ToString())];

    [Theory]
    [MemberData(nameof(Faults))]
    public Task A_fault_turns_exactly_the_expected_statements_red(string fault) => Teeth.BiteAsync(Enum.Parse<Fault>(fault));
}
