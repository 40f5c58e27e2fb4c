namespace Starling.Tidy;

public sealed class HabitTests
{
    [Fact]
    public void Nullability_is_never_overruled_in_src() => Offence.AssertNone(Repository.Product.SelectMany(Habits.CheckNullForgiving));

    [Fact]
    public void Everything_is_caught_only_in_known_places() => Offence.AssertNone(Repository.Product.SelectMany(Habits.CheckCatchAll));

    [Fact]
    public void Nothing_is_promised_in_comments() => Offence.AssertNone(Repository.Code.SelectMany(Habits.CheckPromises));

    [Fact]
    public void Tests_do_not_sleep() => Offence.AssertNone(Repository.Tests.SelectMany(Habits.CheckSleeps));

    [Fact]
    public void Statics_do_not_change() => Offence.AssertNone(Repository.Product.SelectMany(Habits.CheckStatics));

    [Fact]
    public void Suppressed_warnings_have_reasons() => Offence.AssertNone(Repository.Code.SelectMany(Habits.CheckSuppressions));

    [Fact]
    public void Assertions_can_fail() => Offence.AssertNone(Repository.Tests.SelectMany(Habits.CheckAssertions));

    [Fact]
    public void No_code_is_commented_out() => Offence.AssertNone(Repository.Code.SelectMany(Habits.CheckDeadCode));

    [Fact]
    public void The_names_of_tests_are_sentences() => Offence.AssertNone(Repository.Tests.SelectMany(Habits.CheckTestNames));

    [Theory]
    [InlineData("class Thing { string Do(string? a) => a!; }", 1)]
    [InlineData("class Thing { string? A = null!; }", 1)]
    [InlineData("class Thing { bool Do(bool a, bool b) => !a != b; }", 0)]
    public void A_null_forgiving_operator_is_found(string code, int offences) =>
        Assert.Equal(offences, Habits.CheckNullForgiving(Snippet.Product(code)).Count());

    [Theory]
    [InlineData("catch (Exception) { }", 1)]
    [InlineData("catch (System.Exception e) { }", 1)]
    [InlineData("catch { }", 1)]
    [InlineData("catch { Close(); throw; }", 0)]
    [InlineData("catch (IOException) { }", 0)]
    [InlineData("catch (Exception e) when (e is IOException or SocketException) { }", 0)]
    public void A_catch_of_everything_is_found(string clause, int offences) => Assert.Equal(
        offences,
        Habits.CheckCatchAll(Snippet.Product($"class Thing {{ void Do() {{ try {{ }} {clause} }} }}")).Count());

    // The lines are samples of what the rule forbids, not promises or habits of these tests.
    [Theory]
    [InlineData("// TODO: later\nclass Thing { }", 1)] // a sample for the rule
    [InlineData("/* FIXME */ class Thing { }", 1)] // a sample for the rule
    [InlineData("// TODO when docs/decisions/0003-one-memory-budget.md changes\nclass Thing { }", 0)] // a sample for the rule
    [InlineData("class Thing { void Do() => throw new NotImplementedException(); }", 1)] // a sample for the rule
    [InlineData("class Thing { string A = \"TODO\"; }", 0)] // a sample for the rule
    public void A_promise_is_found(string code, int offences) =>
        Assert.Equal(offences, Habits.CheckPromises(Snippet.Product(code)).Count());

    // The lines are samples of what the rule forbids, not promises or habits of these tests.
    [Theory]
    [InlineData("Thread.Sleep(1);", 1)] // a sample for the rule
    [InlineData("await Task.Delay(1);", 1)]
    [InlineData("await Task.Yield();", 0)]
    public void A_sleep_is_found(string statement, int offences) => Assert.Equal(
        offences,
        Habits.CheckSleeps(Snippet.Test($"class ThingTests {{ async Task Do() {{ {statement} }} }}")).Count());

    [Theory]
    [InlineData("class Thing { static int _count; }", 1)]
    [InlineData("class Thing { static int Count { get; set; } }", 1)]
    [InlineData("class Thing { static readonly int Count; const int Other = 1; static int Third => 3; int _mine; }", 0)]
    public void Static_state_is_found(string code, int offences) =>
        Assert.Equal(offences, Habits.CheckStatics(Snippet.Product(code)).Count());

    [Theory]
    [InlineData("#pragma warning disable CA1000\nclass Thing { }", 1)]
    [InlineData("#pragma warning disable CA1000 // the reason\nclass Thing { }\n#pragma warning restore CA1000", 0)]
    [InlineData("[SuppressMessage(\"a\", \"b\")] class Thing { }", 1)]
    [InlineData("[SuppressMessage(\"a\", \"b\", Justification = \"c\")] class Thing { }", 0)]
    public void A_silent_suppression_is_found(string code, int offences) =>
        Assert.Equal(offences, Habits.CheckSuppressions(Snippet.Product(code)).Count());

    // The lines are samples of what the rule forbids, not promises or habits of these tests.
    [Theory]
    [InlineData("Assert.True(true);", 1)] // a sample for the rule
    [InlineData("Assert.True(done);", 0)]
    public void An_assertion_that_cannot_fail_is_found(string statement, int offences) => Assert.Equal(
        offences,
        Habits.CheckAssertions(Snippet.Test($"class ThingTests {{ void Do() {{ {statement} }} }}")).Count());

    [Theory]
    [InlineData("// count = 3;\nclass Thing { }", 1)]
    [InlineData("// return Find(name, 3);\nclass Thing { }", 1)]
    [InlineData("// The first one wins;\n// the others wait.\nclass Thing { }", 0)]
    public void Commented_out_code_is_found(string code, int offences) =>
        Assert.Equal(offences, Habits.CheckDeadCode(Snippet.Product(code)).Count());

    [Theory]
    [InlineData("[Fact] public void TestDo() { }", 1)]
    [InlineData("[Theory] public void It_does_so() { }", 0)]
    [InlineData("public void Prepare() { }", 0)]
    public void A_test_without_a_sentence_is_found(string member, int offences) =>
        Assert.Equal(offences, Habits.CheckTestNames(Snippet.Test($"class ThingTests {{ {member} }}")).Count());
}
