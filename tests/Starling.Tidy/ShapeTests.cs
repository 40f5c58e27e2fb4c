namespace Starling.Tidy;

public sealed class ShapeTests
{
    [Fact]
    public void A_file_holds_one_type_and_has_its_name() => Offence.AssertNone(Repository.Code.SelectMany(Shapes.CheckOneTypePerFile));

    [Fact]
    public void Namespaces_follow_the_folders() =>
        Offence.AssertNone(Repository.Code.Where(file => file.Path != "tests/StatementAttribute.cs").SelectMany(Shapes.CheckNamespace));

    [Fact]
    public void Type_names_say_something() => Offence.AssertNone(Repository.Code.SelectMany(Shapes.CheckNames));

    [Fact]
    public void Classes_are_sealed() => Offence.AssertNone(Shapes.CheckSealed(Repository.Code));

    [Fact]
    public void Partial_types_are_for_source_generators() => Offence.AssertNone(Repository.Code.SelectMany(Shapes.CheckPartial));

    [Theory]
    [InlineData("class Thing { class Inner { } }", 0)]
    [InlineData("class Thing { }\nenum Other { }", 1)]
    [InlineData("namespace A;\nclass Thing { }\ndelegate void Other();", 1)]
    [InlineData("struct Other { }", 1)]
    [InlineData("class Thing<T> { }", 0)]
    public void A_second_type_or_another_name_is_found(string code, int offences) =>
        Assert.Equal(offences, Shapes.CheckOneTypePerFile(Snippet.Product(code)).Count());

    [Theory]
    [InlineData("namespace Starling.Broker.Routing;", "src/Starling.Broker/Routing/Thing.cs", 0)]
    [InlineData("namespace Starling.Broker;", "src/Starling.Broker/Routing/Thing.cs", 1)]
    [InlineData("namespace Microsoft.Extensions.DependencyInjection;", "src/Starling.Hosting/Thing.cs", 0)]
    public void A_wrong_namespace_is_found(string code, string path, int offences) =>
        Assert.Equal(offences, Shapes.CheckNamespace(Snippet.Product(code, path)).Count());

    [Theory]
    [InlineData("class SessionManager { }", 1)]
    [InlineData("static class BytesHelper { }", 1)]
    [InlineData("interface IBaseThing { }", 1)]
    [InlineData("class Database { }", 0)]
    [InlineData("class Thing { enum CommonKind { } }", 1)]
    public void An_empty_word_is_found(string code, int offences) =>
        Assert.Equal(offences, Shapes.CheckNames(Snippet.Product(code)).Count());

    [Theory]
    [InlineData("class Thing { }", 1)]
    [InlineData("record Thing;", 1)]
    [InlineData("record struct Thing;", 0)]
    [InlineData("static class Thing { }", 0)]
    [InlineData("class Thing { }\nsealed class Other : Thing { }", 0)]
    [InlineData("sealed class Thing { class Inner { } }", 1)]
    [InlineData("class ThingBenchmarks { [Benchmark] public void Do() { } }", 0)]
    public void An_open_class_is_found(string code, int offences) =>
        Assert.Equal(offences, Shapes.CheckSealed([Snippet.Product(code)]).Count());

    [Theory]
    [InlineData("partial class Thing { }", 1)]
    [InlineData("partial class Thing { [LoggerMessage(1)] partial void Log(); }", 0)]
    public void A_partial_type_without_a_generator_is_found(string code, int offences) =>
        Assert.Equal(offences, Shapes.CheckPartial(Snippet.Product(code)).Count());
}
