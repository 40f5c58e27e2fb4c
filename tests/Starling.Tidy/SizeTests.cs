namespace Starling.Tidy;

public sealed class SizeTests
{
    [Fact]
    public void Files_are_short() => Offence.AssertNone(Repository.Code.SelectMany(Sizes.CheckFile));

    [Fact]
    public void Scripts_are_short() => Offence.AssertNone(Repository.WithExtension(".py").SelectMany(Sizes.CheckFile));

    [Fact]
    public void Types_are_short_with_all_their_parts() => Offence.AssertNone(Sizes.CheckTypes(Repository.Code));

    [Fact]
    public void Functions_are_short() => Offence.AssertNone(Repository.Code.SelectMany(Sizes.CheckFunctions));

    [Fact]
    public void Parameter_lists_are_short() => Offence.AssertNone(Repository.Code.SelectMany(Sizes.CheckParameters));

    [Theory]
    [InlineData(400, 0)]
    [InlineData(401, 1)]
    public void A_long_file_is_found(int lines, int offences) =>
        Assert.Equal(offences, Sizes.CheckFile(Snippet.Product(Lines(lines))).Count());

    [Fact]
    public void A_type_that_is_long_in_two_parts_is_found()
    {
        SourceFile one = Snippet.Product($"partial class Thing\n{{\n{Lines(300)}}}\n");
        SourceFile two = Snippet.Product($"partial class Thing\n{{\n{Lines(300)}}}\n", "src/Starling.Broker/Thing.Two.cs");
        Assert.Empty(Sizes.CheckTypes([one]));
        Assert.Single(Sizes.CheckTypes([one, two]));
    }

    [Theory]
    [InlineData(57, 0)]
    [InlineData(58, 1)]
    public void A_long_function_is_found_and_its_attributes_do_not_count(int bodyLines, int offences) => Assert.Equal(
        offences,
        Sizes.CheckFunctions(Snippet.Product($"class Thing\n{{\n[Fact]\nvoid Do()\n{{\n{Lines(bodyLines)}}}\n}}\n")).Count());

    [Theory]
    [InlineData("class Thing { void Do(int a, int b, int c, int d, int e) { } }", 0)]
    [InlineData("class Thing { void Do(int a, int b, int c, int d, int e, int f) { } }", 1)]
    [InlineData("class Thing(int a, int b, int c, int d, int e, int f);", 1)]
    [InlineData("record Thing(int A, int B, int C, int D, int E, int F);", 0)]
    [InlineData("class Thing { [LibraryImport(\"libc\")] static extern int Do(int a, int b, int c, int d, int e, int f); }", 0)]
    public void A_long_parameter_list_is_found(string code, int offences) =>
        Assert.Equal(offences, Sizes.CheckParameters(Snippet.Product(code)).Count());

    private static string Lines(int count) => string.Concat(Enumerable.Repeat(";\n", count));
}
